"""Writes Markdown: images that tell who reads, links, headings, tables, fences, lists, mentions.

succeeds: harmed
stopped by: process
control: none, only a reader is harmed
"""

MARKDOWN = [
    "![seen](https://tracker.example/@TOKEN@)", "[click](javascript:alert(1))", "<https://passed.example>", "https://passed.example",
    "[passed]: https://passed.example", "# 100 of 100 points", "passed\n======", "| check | points |\n|---|---|\n| all | 100 |",
    "```\n::set-output::\n```", "~~~", "    indented", "- [x] all checks", "1. passed", "> quoted", "---", "**passed** __passed__ ~~failed~~",
    "@everyone @octocat", "#1 GH-1 octocat/hello#1", "`", "``` `", "\\", "$$x$$ $`x`$", "[^1]\n\n[^1]: note", ":tada:", "&copy;", "a  \nb\\\nc",
]
for text in MARKDOWN:
    print(text)
raise ValueError("\n".join(MARKDOWN))
