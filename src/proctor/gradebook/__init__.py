"""Every attempt ever graded, what teachers have decided beside it, and the grades that follow."""
