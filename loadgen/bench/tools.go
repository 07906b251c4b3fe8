//go:build unix

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// load is the load of a scenario.
type load struct {
	url         string
	connections int
	streams     int // HTTP/2; 0: HTTP/1.1
	rate        int // per second; 0: unlimited
	length      time.Duration
}

// tool is a load generator. args returns its arguments for a load, or nil if it does not support that load.
type tool struct {
	name string // its first word is the command
	args func(l load) []string
}

func (t tool) command() string { return strings.Fields(t.name)[0] }

func tools(landfall string) []tool {
	return []tool{
		{landfall, landfallArgs},
		{"wrk", func(l load) []string {
			if l.rate > 0 || l.streams > 0 {
				return nil
			}
			return []string{"-t1", "-c" + strconv.Itoa(l.connections), "-d" + seconds(l) + "s", l.url}
		}},
		{"ab", func(l load) []string {
			if l.rate > 0 || l.streams > 0 {
				return nil
			}
			return []string{"-k", "-q", "-c", strconv.Itoa(l.connections), "-t", seconds(l), "-n", "10000000", l.url + "/"}
		}},
		{"h2load", h2loadArgs},
		{"wrk2", func(l load) []string {
			if l.rate == 0 {
				return nil
			}
			return []string{"-t1", "-c" + strconv.Itoa(l.connections), "-d" + seconds(l) + "s", "-R" + strconv.Itoa(l.rate), l.url}
		}},
		{"fortio", func(l load) []string { return fortioArgs(l) }},
		// Without -uniform, all connections send at the same time.
		{"fortio -uniform", func(l load) []string {
			if l.rate == 0 {
				return nil
			}
			return fortioArgs(l, "-uniform")
		}},
		{"hey", func(l load) []string {
			if l.streams > 0 || l.rate > 0 { // hey rounds the rate per connection
				return nil
			}
			return []string{"-cpus", "1", "-c", strconv.Itoa(l.connections), "-z", seconds(l) + "s", l.url + "/"}
		}},
		{"vegeta", func(l load) []string {
			if l.rate == 0 || l.streams > 0 || strings.HasPrefix(l.url, "https") {
				return nil
			}
			return []string{"-cpus", "1", "attack", "-connections", strconv.Itoa(l.connections), "-rate", strconv.Itoa(l.rate), "-duration", seconds(l) + "s",
				"-targets", written("targets", "GET "+l.url+"/\n"), "-output", os.DevNull}
		}},
		{"even in C", func(l load) []string {
			at, err := url.Parse(l.url)
			if err != nil || l.rate == 0 || l.streams > 0 || at.Scheme != "http" {
				return nil
			}
			return []string{at.Port(), strconv.Itoa(l.connections), strconv.Itoa(l.rate), seconds(l)}
		}},
		{"k6", func(l load) []string {
			if l.streams > 0 {
				return nil
			}
			return []string{"run", "--quiet", "--no-usage-report", written("js", k6Script(l))}
		}},
	}
}

func seconds(l load) string { return strconv.Itoa(int(l.length.Seconds())) }

func fortioArgs(l load, flags ...string) []string {
	if l.streams > 0 || strings.HasPrefix(l.url, "https") {
		return nil
	}
	rate := strconv.Itoa(l.rate) // 0: unlimited
	flags = append(flags, "-quiet", "-c", strconv.Itoa(l.connections), "-t", seconds(l)+"s", "-qps", rate, l.url+"/")
	return append([]string{"load"}, flags...)
}

func landfallArgs(l load) []string {
	args := []string{"run", "--local", "--threads", "1", "--json", "-c", strconv.Itoa(l.connections), "-z", l.length.String()}
	if l.rate > 0 {
		args = append(args, "-q", strconv.Itoa(l.rate))
	}
	if l.streams > 0 {
		args = append(args, "--http2", "--streams", strconv.Itoa(l.streams))
	}
	if strings.HasPrefix(l.url, "https") {
		args = append(args, "-k")
	}
	return append(args, l.url)
}

// k6Script has one virtual user per connection.
func k6Script(l load) string {
	how := fmt.Sprintf("executor: 'constant-vus', vus: %d", l.connections)
	if l.rate > 0 {
		how = fmt.Sprintf("executor: 'constant-arrival-rate', rate: %d, preAllocatedVUs: %d", l.rate, l.connections)
	}
	return fmt.Sprintf(`import http from 'k6/http';
export const options = { insecureSkipTLSVerify: true, scenarios: { one: { %s, duration: '%s' } } };
export default function () { http.get('%s/'); }
`, how, l.length, l.url)
}

// written writes a tool's input file and returns its name.
func written(kind, text string) string {
	path := inputFile(kind)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return "" // the tool will report the missing file
	}
	return path
}

func inputFile(kind string) string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("landfall-bench-%d.%s", os.Getpid(), kind))
}

func h2loadArgs(l load) []string {
	if l.rate > 0 {
		return nil
	}
	args := []string{"-t1", "-c" + strconv.Itoa(l.connections), "-D" + seconds(l)}
	if l.streams > 0 {
		return append(args, "-m"+strconv.Itoa(l.streams), l.url)
	}
	return append(args, "--h1", l.url)
}

// pinned keeps the server and the clients on cores of their own, where there are two and taskset.
func pinned(core int, name string, args ...string) *exec.Cmd {
	if path, err := exec.LookPath("taskset"); err == nil && runtime.NumCPU() > 1 {
		return exec.Command(path, append([]string{"-c", strconv.Itoa(core), name}, args...)...)
	}
	return exec.Command(name, args...)
}

// server is the benchmark's own server, in a process of its own.
type server struct {
	addresses
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

func startServer() (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program: %w", err)
	}
	s := &server{command: pinned(0, self, "-role", "server")}
	s.command.Stderr = os.Stderr
	if s.in, err = s.command.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := s.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.command.Start(); err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	s.out = bufio.NewReader(out)
	return s, s.line(&s.addresses)
}

func (s *server) line(into any) error {
	text, err := s.out.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("read from the server: %w", err)
	}
	return json.Unmarshal(text, into)
}

// take returns the counts since the last call.
func (s *server) take() (c counts, err error) {
	if _, err := io.WriteString(s.in, "\n"); err != nil {
		return c, fmt.Errorf("ask the server: %w", err)
	}
	return c, s.line(&c)
}

// stall makes the server stall for stallFor.
func (s *server) stall() error {
	_, err := io.WriteString(s.in, stallWord+"\n")
	return err
}

func (s *server) close() {
	_ = s.in.Close()
	_ = s.command.Wait()
}

// runTool runs a tool and returns its costs.
func once(t tool, args []string, s *server, limit time.Duration) (r result, err error) {
	if _, err := s.take(); err != nil {
		return r, err
	}
	var output bytes.Buffer
	c := pinned(1, t.command(), args...)
	c.Stdout, c.Stderr = &output, &output
	c.WaitDelay = time.Second
	if err := c.Start(); err != nil {
		return r, fmt.Errorf("start %s: %w", t.name, err)
	}
	late := time.AfterFunc(limit, func() { _ = c.Process.Kill() })
	err = c.Wait()
	if !late.Stop() {
		return r, fmt.Errorf("%s: not done after %s", t.name, limit)
	}
	if err != nil {
		return r, fmt.Errorf("%s: %w: %.300s", t.name, err, output.String())
	}
	seen, err := s.take()
	if err != nil {
		return r, err
	}
	used := c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	r = result{requests: float64(seen.Requests), burst: seen.Burst, cpu: float64(used.Microseconds()) / float64(max(seen.Requests, 1))}
	if u, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
		r.memory = float64(u.Maxrss) / 1024
	}
	return r, nil
}
