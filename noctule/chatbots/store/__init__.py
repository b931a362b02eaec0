"""All SQL about chatbots: `chatbots` for the rows themselves and what a recording must know, `fields` for custom fields."""
