"""What the pages show: frozen values, made by pure functions of a store and a question."""
