"""All SQL of this domain: `judgements` as they are written and read, `figures` over many, `listing` of conversations by them."""
