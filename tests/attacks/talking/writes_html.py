"""Writes markup and script into everything that may end on a page.

succeeds: harmed
stopped by: process
control: none, only a reader is harmed
"""

MARKUP = [
    "<script>alert('@TOKEN@')</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg/onload=alert(1)>",
    "' autofocus onfocus='alert(1)",
    "</td></tr></table></pre></code></details><h1>100 of 100 points</h1>",
    "<!-- ", "--><a href=javascript:alert(1)>x</a>", "&lt;b&gt; &#60;script&#62; &amp;",
    "<style>*{display:none}</style>", "<iframe srcdoc='&lt;script&gt;'>",
]
kind = type("<b>Error</b>", (Exception,), {})
for text in MARKUP:
    print(text)
raise kind("\n".join(MARKUP))
