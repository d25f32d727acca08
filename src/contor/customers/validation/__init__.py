"""Whether addresses can be written to: checked when they are written, and all at once, by the rules of each country's post."""
