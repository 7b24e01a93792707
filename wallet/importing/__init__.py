"""Adding by hand what one has already: a text, a file, a picture, a PDF, a link to one of them."""
