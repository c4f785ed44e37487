"""Stand-ins for Brave Search and OpenRouter: real wire formats, an invented world, and no Django."""
