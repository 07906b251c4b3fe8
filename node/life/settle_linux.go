package life

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// Settle is called once a process has started: it unmaps the pages of the program's own file that have been used so far, most
// of them only to start. They stay in the system's cache of the file and come back, those that are needed, when they are
// touched. It saves a quarter of what an idle driver has resident. Where it cannot be done nothing is lost.
func Settle() {
	self, err := os.Executable()
	if err != nil {
		return
	}
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer f.Close()
	for _, r := range unwritten(f, self) {
		_, _, _ = unix.Syscall(unix.SYS_MADVISE, r.from, r.to-r.from, unix.MADV_DONTNEED)
	}
}

type addresses struct{ from, to uintptr }

// unwritten finds the mappings of a file that cannot be written to and never were (as they are where a loader relocates), in
// the format of proc_pid_smaps(5).
func unwritten(smaps io.Reader, path string) (list []addresses) {
	var at addresses
	ours := false
	lines := bufio.NewScanner(smaps)
	for lines.Scan() {
		field := strings.Fields(lines.Text())
		switch {
		case len(field) == 3 && field[0] == "Anonymous:" && ours && field[1] == "0":
			list = append(list, at)
		case len(field) > 1 && !strings.HasSuffix(field[0], ":"):
			n, _ := fmt.Sscanf(field[0], "%x-%x", &at.from, &at.to)
			ours = n == 2 && len(field) == 6 && field[5] == path && strings.HasPrefix(field[1], "r-") && strings.HasSuffix(field[1], "p")
		}
	}
	return list
}
