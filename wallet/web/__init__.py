"""The wallet's pages and its JSON API, over the same steps."""
