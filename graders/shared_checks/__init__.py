"""What several graders ask for in the same words: one module for each concept."""
