package agent

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzOrder checks that an accepted order stays within its folder.
func FuzzOrder(f *testing.F) {
	for _, text := range []string{
		`{"schema":1,"do":"keep","root":"/home/a/.cache/landfall","folder":"f","drivers":[{"name":"d","args":["driver"]}],"files":[{"flag":"--kafka-ca","name":"file0","data":"eA=="}]}`,
		`{"schema":1,"root":"/landfall","folder":"..","drivers":[{"name":"a/../../b"}]}`, `{"schema":2}`, `{`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		var s server
		if json.Unmarshal(line, &s.order) != nil || s.check() != nil {
			return
		}
		paths := []string{s.folder()}
		for _, d := range s.order.Drivers {
			paths = append(paths, filepath.Join(s.drivers(), d.Name))
		}
		for _, file := range s.order.Files {
			paths = append(paths, filepath.Join(s.folder(), file.Name))
		}
		root := filepath.Join(s.order.Root, "fleets") + "/"
		for _, path := range paths {
			if !strings.HasPrefix(path, root) || len(path) == len(root) {
				t.Fatalf("%q is not within %q", path, root)
			}
		}
	})
}
