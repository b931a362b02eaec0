"""All SQL about conversations and messages: `writing` for the one door, `reading` for faces, `queue` for analysers."""
