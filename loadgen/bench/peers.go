//go:build unix

package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// installable are the tools that go install can build.
var installable = map[string]string{
	"fortio": "fortio.org/fortio@v1.68.0",
	"hey":    "github.com/rakyll/hey@v0.1.4",
	"k6":     "go.k6.io/k6@v1.8.1",
	"vegeta": "github.com/tsenart/vegeta/v12@v12.12.0",
}

// peersFolder returns the directory of installed tools, which are kept between runs.
func peersFolder() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(cache, "landfall", "bench"), nil
}

// install installs the tools that are not in PATH. Failures are reported to progress only.
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
		if output, err := c.CombinedOutput(); err != nil {
			fmt.Fprintf(progress, "%s cannot be installed: %v: %.300s\n", module, err, output)
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

// locustVersion is the version of Locust that is installed.
const locustVersion = "2.47.0"

// installLocust installs Locust in a Python virtual environment and links its command into dir.
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
		if output, err := c.CombinedOutput(); err != nil {
			fmt.Fprintf(progress, "locust %s cannot be installed: %v: %.300s\n", locustVersion, err, output)
			return
		}
	}
}
