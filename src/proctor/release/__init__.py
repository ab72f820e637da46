"""From a teacher's course to the tree that students get, and back: release, and reveal.

``command.py`` is `proctor release`, and the theory of operation of a whole release. ``source_text.py`` takes modules
apart, with ``names.py``; ``cut.py`` leaves the public checks of graders, ``student_tree.py`` lists what goes.
``trial.py`` grades in both courses; ``gates.py`` looks at the tree on disk, with ``secret_lines.py`` for what must not
be in it. ``promise.py`` makes manifest and key (``key_file.py``) with ``commitment.py``, and `proctor reveal` in
``reveal.py`` opens them again; ``verify_reveal.py`` goes to students, who verify with it, so it needs nothing of ours.
"""
