"""What every HTTP service here shares: the application shell, settings, storage, pages, and one guarded way out.

A service is a package with `pages/`, `assets/` and `migrations/`, a table of `routes.Route`, and one frozen value that
holds what it needs, under its own `web.AppKey`. It is put together in its `app.py`:

- `settings`: `Settings.read(environment, ...)` beside the service's own names; every problem in one message.
- `database`: `write(entry)` for small entries that share a commit, `read(look)`, `begin()` for what is long;
  `store_bookkeeper` is the group commit behind `write`, `migration` brings the tables up to date.
- `routes`, `errors`, `openapi`: routes are data; a refusal is raised and told as its reader expects; the API describes
  itself.
- `app`: `create_app` adds health, assets, headers and the one error door; `start` serves in a running loop, `run` makes
  processes that drain and exit with 0.
- `pages` with `templates/` and `assets/`: the visual family; `{% import "ui.html" as ui with context %}` has its parts.
- `sessions`, `rate_limits`: who is signed in, whose form this is, how often somebody may try.
- `outbound`: the only client; `trusting` reads from the settings whom to believe.
- `qr`, `telemetry`: codes drawn and read; lines and counters without personal data.
"""
