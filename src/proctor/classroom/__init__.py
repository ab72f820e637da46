"""A class: who is in it, what each has handed in, and how all of it is graded."""
