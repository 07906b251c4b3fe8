package terminal

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/aymanbagabas/go-osc52/v2"
)

// maxCopied is the maximum length of a copied text in bytes: terminals accept some 75,000 bytes of its base64 form.
const maxCopied = 56_000

// Copy passes a text to the clipboard of the operator's terminal, on the other side of an SSH connection, too: with the escape
// sequence OSC 52, which cannot report whether the terminal accepts it. tmux ignores that sequence from programs unless told
// otherwise; inside tmux the text is therefore loaded into its newest buffer, from which tmux passes it on.
func Copy(ctx context.Context, out io.Writer, text string) error {
	if len(text) > maxCopied {
		return fmt.Errorf("%d bytes are too many for a terminal's clipboard: at most %d", len(text), maxCopied)
	}
	if os.Getenv("TMUX") != "" && loadBuffer(ctx, text) == nil {
		return nil
	}
	sequence := osc52.New(text)
	if os.Getenv("STY") != "" {
		sequence = sequence.Screen()
	}
	_, err := sequence.WriteTo(out)
	return err
}

// loadBuffer loads a text into a tmux buffer and, with -w, into the clipboard of the terminal that shows tmux (since tmux 3.2).
func loadBuffer(ctx context.Context, text string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	load := exec.CommandContext(ctx, "tmux", "load-buffer", "-w", "-")
	load.Stdin = strings.NewReader(text)
	return load.Run()
}
