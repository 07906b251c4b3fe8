package cli

import (
	"os"
	"strings"
	"testing"
)

// Errors about the configuration file name it as it was typed, not by its absolute path.
func TestConfigIsNamedAsTyped(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	for name, text := range map[string]string{"unknown.yaml": "run: {conections: 4}\n", "broken.yaml": "run: [\n", "value.yaml": "run: {connections: many}\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for typed, want := range map[string]string{
		"--config unknown.yaml":   "unknown.yaml:1:",
		"--config=./unknown.yaml": "./unknown.yaml:1:",
		"--config broken.yaml":    "broken.yaml:1:",
		"--config value.yaml":     "value.yaml:1:",
		"--config none.yaml":      "--config none.yaml: no such file",
	} {
		_, err := parse("test", append([]string{"run", "--local", "http://127.0.0.1:1/"}, strings.Fields(typed)...))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", typed, err, want)
		}
	}
}
