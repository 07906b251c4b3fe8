package life

import (
	"os"
	"slices"
	"strings"
	"testing"
)

func TestUnwritten(t *testing.T) {
	const smaps = `00400000-00f29000 r-xp 00000000 fe:00 1186                   /opt/landfall
Size:              11428 kB
Private_Clean:      7780 kB
Anonymous:             0 kB
VmFlags: rd ex mr mw me
00f29000-01abf000 r--p 00b29000 fe:00 1186                   /opt/landfall
Anonymous:             4 kB
01abf000-01b7b000 rw-p 016bf000 fe:00 1186                   /opt/landfall
Anonymous:             0 kB
01c00000-01d00000 r--p 00000000 fe:00 77                     /lib/other.so
Anonymous:             0 kB
70a2fc000000-70a314000000 r--p 00000000 00:00 0 
Anonymous:             0 kB
02000000-02001000 r--p 00b29000 fe:00 1186                   /opt/landfall
Anonymous:             0 kB
`
	if got, want := unwritten(strings.NewReader(smaps), "/opt/landfall"), []addresses{{0x400000, 0xf29000}, {0x2000000, 0x2001000}}; !slices.Equal(got, want) {
		t.Errorf("%x, want %x", got, want)
	}
}

func TestSettle(t *testing.T) {
	self, _ := os.Executable()
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if len(unwritten(f, self)) == 0 {
		t.Error("nothing of this program would be unmapped")
	}
	Settle() // and this very code goes on
}
