"""What every HTTP service here shares: the application shell, settings, storage, pages, and one guarded way out."""
