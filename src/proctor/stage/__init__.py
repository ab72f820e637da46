"""The submission's side: a process that loads the learner's module, does what the grader says and reports facts.

Nothing here knows an exercise, an expected value or a verdict, and nothing here imports from `proctor.checks`.
"""
