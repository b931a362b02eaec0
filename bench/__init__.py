"""Commands that measure: each prints its figures beside a peer or a limit of the same run."""
