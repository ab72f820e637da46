"""The rules of an audit, one file a concept. A rule is a function whose docstring is the sentence of the rule.

It takes a `Subject` and yields a `Flaw` for everything that is not so, in an order that depends on nothing but the
exercise.
"""
