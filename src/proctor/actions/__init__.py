"""What the jobs of a grading workflow do, one job a file, so that a workflow is nothing but one line for each.

======================  ============================================  ==================================================
job                     takes                                         leaves
======================  ============================================  ==================================================
`plan`                  the roster                                    the plan: who, which exercises, how many shards
`fetch`                 the roster, the plan, GitHub                  everything that was handed in, as one file
`grade`                 the plan, what was handed in, a number        what came of one shard
`merge`                 the plan, the roster, all shards              the gradebook
`publish`               the gradebook, where everybody's work is      a check run for each student
======================  ============================================  ==================================================

Beside them: `class_plan` is the document that the jobs agree on, `github` is the server, `pins` says which commit of
whom is graded, `git_access` lets git read what is private, `job_files` is how a job tells the next one something, and
`feedback` is what a student reads.
"""

__all__: list[str] = []
