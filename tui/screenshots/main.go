// Command screenshots turns a terminal's screen, as `tmux capture-pane -e` writes it, into an SVG picture; several, each
// after a form feed, become an animated one. See screenshots.sh, which makes those in the README.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"html"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
)

// Sizes of a cell, in the picture's units.
const (
	cellW = 8.4
	cellH = 18
	pad   = 12
)

// look is the style of a run of text.
type look struct {
	fore, back      string
	bold, underline bool
}

func main() {
	fore := flag.String("fore", "#d7dce4", "colour of plain text")
	back := flag.String("back", "#14161a", "colour of the background")
	cols := flag.Int("cols", 120, "columns of the screen")
	every := flag.Duration("every", 500*time.Millisecond, "how long each of several screens is shown")
	flag.Parse()
	screens, err := read(os.Stdin)
	if err == nil {
		err = draw(os.Stdout, screens, *every, *cols, *fore, *back)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "screenshots:", err)
		os.Exit(1)
	}
}

func read(r io.Reader) (screens [][]string, err error) {
	in := bufio.NewScanner(r)
	in.Buffer(nil, 1<<20)
	var lines []string
	for in.Scan() {
		line, next := strings.CutPrefix(in.Text(), "\f")
		if next && len(lines) > 0 {
			screens, lines = append(screens, lines), nil
		}
		lines = append(lines, line)
	}
	return append(screens, lines), in.Err()
}

func draw(w io.Writer, screens [][]string, every time.Duration, cols int, fore, back string) error {
	out := bufio.NewWriter(w)
	rows := 0
	for _, lines := range screens {
		rows = max(rows, len(lines))
	}
	width, height := float64(cols)*cellW+2*pad, rows*cellH+2*pad
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %d" font-family="ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace" font-size="14">`+"\n", width, height)
	fmt.Fprintf(out, `<rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n", back)
	drawn := make([][]string, rows) // by row, of each screen
	for _, lines := range screens {
		var now look // continues from line to line, as tmux writes it
		for y := range rows {
			var b strings.Builder
			if y < len(lines) {
				now = drawLine(&b, lines[y], float64(pad+y*cellH), now, fore)
			}
			drawn[y] = append(drawn[y], b.String())
		}
	}
	for _, row := range drawn {
		film(out, row, every)
	}
	fmt.Fprintln(out, "</svg>")
	return out.Flush()
}

// film animates the versions of a row; a row that does not change is drawn once.
func film(w io.Writer, row []string, every time.Duration) {
	n := len(row)
	for from, to := 0, 0; from < n; from = to {
		for to = from + 1; to < n && row[to] == row[from]; to++ {
		}
		switch {
		case row[from] == "":
		case from == 0 && to == n:
			io.WriteString(w, row[from])
		default:
			begin, end := float64(from)/float64(n), float64(to)/float64(n)
			fmt.Fprintf(w, `<g visibility="hidden"><animate attributeName="visibility" calcMode="discrete" dur="%gs" repeatCount="indefinite" values="hidden;visible;hidden" keyTimes="0;%.4f;%.4f"/>`+"\n%s</g>\n",
				(time.Duration(n) * every).Seconds(), begin, end, row[from])
		}
	}
}

var sgr = regexp.MustCompile("\x1b\\[([0-9;]*)m")

func drawLine(w io.Writer, line string, y float64, now look, fore string) look {
	x := 0
	put := func(text string) {
		for _, part := range words(text) {
			n := ansi.StringWidth(part)
			drawRun(w, part, float64(pad)+float64(x)*cellW, y, float64(n)*cellW, now, fore)
			x += n
		}
	}
	for line != "" {
		at := sgr.FindStringSubmatchIndex(line)
		if at == nil {
			put(line)
			break
		}
		put(line[:at[0]])
		now = now.with(line[at[2]:at[3]])
		line = line[at[1]:]
	}
	return now
}

// words splits text at several consecutive blanks, so that nothing is drawn for them and the text after them keeps its position.
func words(text string) (parts []string) {
	for text != "" {
		i := strings.Index(text, "  ")
		if i < 0 {
			return append(parts, text)
		}
		blank := len(text[i:]) - len(strings.TrimLeft(text[i:], " "))
		if i > 0 {
			parts = append(parts, text[:i])
		}
		parts = append(parts, text[i:i+blank])
		text = text[i+blank:]
	}
	return parts
}

func drawRun(w io.Writer, text string, x, y, width float64, l look, fore string) {
	if l.back != "" {
		fmt.Fprintf(w, `<rect x="%.1f" y="%.0f" width="%.1f" height="%d" fill="%s"/>`, x, y, width, cellH, l.back)
	}
	if strings.TrimSpace(text) == "" {
		return
	}
	style := ""
	if l.bold {
		style += ` font-weight="bold"`
	}
	if l.underline {
		style += ` text-decoration="underline"`
	}
	if l.fore != "" {
		fore = l.fore
	}
	fmt.Fprintf(w, `<text x="%.1f" y="%.0f" textLength="%.1f" lengthAdjust="spacingAndGlyphs" xml:space="preserve" fill="%s"%s>%s</text>`+"\n",
		x, y+cellH-4, width, fore, style, html.EscapeString(text))
}

// with returns the style after the parameters of one SGR sequence.
func (l look) with(parameters string) look {
	p := strings.Split(parameters, ";")
	for i := 0; i < len(p); i++ {
		switch n, _ := strconv.Atoi(p[i]); n {
		case 0:
			l = look{}
		case 1:
			l.bold = true
		case 4:
			l.underline = true
		case 22:
			l.bold = false
		case 24:
			l.underline = false
		case 39:
			l.fore = ""
		case 49:
			l.back = ""
		case 38, 48:
			if i+4 >= len(p) || p[i+1] != "2" {
				return l
			}
			color := "#" + hex(p[i+2]) + hex(p[i+3]) + hex(p[i+4])
			if n == 38 {
				l.fore = color
			} else {
				l.back = color
			}
			i += 4
		}
	}
	return l
}

func hex(s string) string {
	n, _ := strconv.Atoi(s)
	return fmt.Sprintf("%02x", n&255)
}
