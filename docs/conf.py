"""How Sphinx makes a site of these pages: `make docs` builds it, and fails when a link leads nowhere."""

project = "The bridge"
extensions = ["myst_parser", "sphinxcontrib.mermaid"]
source_suffix = {".md": "markdown"}
root_doc = "index"
myst_enable_extensions = ["colon_fence"]
myst_fence_as_directive = ["mermaid"]  # as the platforms of repositories draw them
myst_heading_anchors = 4
html_theme = "furo"
html_title = project
html_copy_source = False
html_show_sphinx = False
