"""How the demo shop is served: threads, because a payment waits for the gateway in one.

Two processes for two cores. Each has more threads than gateway calls that it allows itself
(ESCOTT["MAX_GATEWAY_CALLS"], 64), so that with every call hanging there are threads left for
everybody else.
"""

import os

bind = f"127.0.0.1:{os.environ.get('SHOP_PORT', '8000')}"
wsgi_app = "shop.wsgi:application"
worker_class = "gthread"
workers = int(os.environ.get("SHOP_WORKERS", "2"))
threads = 80
worker_connections = 1000
keepalive = 15
timeout = 120
graceful_timeout = 70
preload_app = False
control_socket_disable = True
forwarded_allow_ips = ""
errorlog = "-"
loglevel = "warning"
