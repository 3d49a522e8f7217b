"""What the kernel refuses to a submission: a filter of system calls, as bubblewrap takes it.

Nothing that a notebook needs is among them. With most of them memory can be taken that belongs to
no process, so that no watch over processes sees it; the others are doors of the kernel that nobody
here has to open.
"""

import errno
import platform
import struct

# Numbers of the calls: on x86-64, on 64-bit ARM.
CALLS = {
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "ptrace": (101, 117),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "clone3": (435, 435),  # its flags cannot be seen; whoever gets ENOSYS takes `clone`
}
CLONE, MMAP = (56, 220), (9, 222)
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

# A program of the Berkeley packet filter over a call's number, machine and arguments.
LOAD, AND, RETURN = 0x20, 0x54, 0x06
IF_EQUAL, IF_SET, IF_AT_LEAST = 0x15, 0x45, 0x35
NUMBER, MACHINE, FIRST, FOURTH = 0, 4, 16, 40  # where they stand
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.ENOSYS
OTHER_NUMBERING = 0x40000000  # of x86-64, with pointers of 32 bits
NEW_USER = 0x10000000  # for clone: a user namespace
SHARED_ANONYMOUS = 0x21  # for mmap: memory that may outlive whoever filled it


def filter_of_calls() -> bytes:
    """Return the filter for this machine; one that lets all pass where no numbers are known."""
    if platform.machine() not in MACHINES:
        return _program([(RETURN, 0, 0, ALLOW)])
    column, machine = MACHINES[platform.machine()]
    program = [
        (LOAD, 0, 0, MACHINE),
        (IF_EQUAL, 1, 0, machine),
        (RETURN, 0, 0, REFUSE),
        (LOAD, 0, 0, NUMBER),
        (IF_AT_LEAST, 0, 1, OTHER_NUMBERING),
        (RETURN, 0, 0, REFUSE),
    ]
    for numbers in CALLS.values():
        program += [(IF_EQUAL, 0, 1, numbers[column]), (RETURN, 0, 0, REFUSE)]
    program += [
        (IF_EQUAL, 0, 4, CLONE[column]),
        (LOAD, 0, 0, FIRST),
        (IF_SET, 0, 1, NEW_USER),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
        (IF_EQUAL, 0, 4, MMAP[column]),
        (LOAD, 0, 0, FOURTH),
        (AND, 0, 0, SHARED_ANONYMOUS),
        (IF_EQUAL, 0, 1, SHARED_ANONYMOUS),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
    ]
    return _program(program)


def _program(steps):
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
