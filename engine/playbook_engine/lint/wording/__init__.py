"""Words that the rules on wording look for, by topic: data with a reason, and the source or that it is our judgment."""
