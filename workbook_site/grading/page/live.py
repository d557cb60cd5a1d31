"""The socket."""

from channels.routing import URLRouter

sockets = URLRouter([])
