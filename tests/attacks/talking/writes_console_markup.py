"""Writes the markup of console libraries: colours, links, styles that are never closed, closings of what was not open.

succeeds: harmed
stopped by: process
control: none, only a reader is harmed
"""

MARKUP = ["[red]red", "[/]", "[/bold]", "[link=https://passed.example]passed[/link]", "[@click=app.quit]x[/]", "[bold", "\\[red]", "[[", ":boom:"]
for text in MARKUP:
    print(text)
raise type("[/red]", (Exception,), {})(" ".join(MARKUP))
