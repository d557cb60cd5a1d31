# Recurses until the stack is gone.
import sys
sys.setrecursionlimit(10**9)
def attack():
    def deeper(): return deeper()
    def mapped(n): return list(map(mapped, [n]))
    mapped(1)
