"""What a learner uses all day, beside grading itself."""
