"""What a roadmap asks a learner to know, in which order, and how far one has come."""
