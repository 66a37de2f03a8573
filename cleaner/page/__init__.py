"""Pages: HTML to a text with evidence from the tree, judged by the same decoder as text.

charset.py bytes to str; tree.py the tree and its text; signs.py and picked.py evidence, one value a line; segment.py
the judging; markdown.py and html.py the kept parts written again. Nothing here is imported by `import cleaner`.
"""
