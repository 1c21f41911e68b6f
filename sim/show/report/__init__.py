"""One page that says what came of a results folder, complete in itself."""
