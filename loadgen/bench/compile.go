//go:build unix

package main

import (
	"embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// clients are small C programs to compare with.
//
//go:embed client/*.c
var clients embed.FS

// compiled compiles a client into a directory and returns its path.
func compiled(name, dir string) (string, error) {
	text, err := clients.ReadFile("client/" + name + ".c")
	if err != nil {
		return "", err
	}
	source, client := filepath.Join(dir, name+".c"), filepath.Join(dir, name)
	if err := os.WriteFile(source, text, 0o600); err != nil {
		return "", err
	}
	if output, err := exec.Command("cc", "-O2", "-o", client, source).CombinedOutput(); err != nil {
		return "", fmt.Errorf("compile a client in C: %w %s", err, output)
	}
	return client, nil
}
