"""The roadmap over a learner's collection: the track followed, what is open, how far one has come, what was marked.

`knowing` works out what is known of each topic, and keeps it; `standing` puts it before a face as values; `changing` is
what a learner can do; `printing` makes the table and the badge for a page of one's own.
"""
