package cli

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"landfall/cli/connect"
	"landfall/cli/exit"
)

// A missing report file is a usage error, without a connection to a broker.
func TestMissingReportFile(t *testing.T) {
	for _, name := range []string{"run.json", filepath.Join(t.TempDir(), "run"), "./run"} {
		err := new(app).reports(connect.Flags{}, []string{name}, nil)
		var usage *exit.UsageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), name+": no such report file") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"last", "tsunami-1126-220816-8b28", "v1.2"} {
		if isPath(name) {
			t.Errorf("%s is taken for a file", name)
		}
	}
}
