"""What a careless grader imports late, so that a submission can be there first."""

def judge(module):
    return hasattr(module, "RequestId")
