"""Files that grow, are rotated and come and go: what the ``file`` input knows of them and how it reads them."""
