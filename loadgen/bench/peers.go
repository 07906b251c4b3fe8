//go:build unix

package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// installable are the generators that go install can make, in versions that build everywhere.
var installable = map[string]string{
	"fortio": "fortio.org/fortio@v1.68.0",
	"hey":    "github.com/rakyll/hey@v0.1.4",
	"k6":     "go.k6.io/k6@v1.8.1",
	"vegeta": "github.com/tsenart/vegeta/v12@v12.12.0",
}

// peersFolder is where they are kept, so that they are made once.
func peersFolder() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(cache, "landfall", "bench"), nil
}

// install installs the tools that are not in PATH; failures are reported, and the tools are missing in the
// tables.
func install(progress io.Writer) error {
	dir, err := peersFolder()
	if err != nil {
		return err
	}
	if err := os.Setenv("PATH", os.Getenv("PATH")+string(os.PathListSeparator)+dir); err != nil {
		return err
	}
	for name, module := range installable {
		if _, err := exec.LookPath(name); err == nil {
			continue
		}
		c := exec.Command("go", "install", module)
		c.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=")
		if said, err := c.CombinedOutput(); err != nil {
			fmt.Fprintf(progress, "%s cannot be installed: %v: %.300s\n", module, err, said)
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	installLocust(dir, progress)
	if _, err := compiled("even", dir); err != nil {
		fmt.Fprintln(progress, err)
	}
	return nil
}

// locustVersion has FastHttpUser.
const locustVersion = "2.47.0"

// installLocust makes a virtual environment of Python with Locust in it, which is found as locust.
func installLocust(dir string, progress io.Writer) {
	if _, err := exec.LookPath("locust"); err == nil {
		return
	}
	home := filepath.Join(dir, "locust-"+locustVersion)
	for _, c := range []*exec.Cmd{
		exec.Command("python3", "-m", "venv", home),
		exec.Command(filepath.Join(home, "bin", "pip"), "install", "--quiet", "locust=="+locustVersion),
		exec.Command("ln", "-sf", filepath.Join(home, "bin", "locust"), filepath.Join(dir, "locust")),
	} {
		if said, err := c.CombinedOutput(); err != nil {
			fmt.Fprintf(progress, "locust %s cannot be installed: %v: %.300s\n", locustVersion, err, said)
			return
		}
	}
}
