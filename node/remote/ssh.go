// Package remote runs drivers on the hosts of an operator's list, over the system's OpenSSH: it installs the binary, starts
// the drivers, supervises them and takes them down.
package remote

import (
	"cmp"
	"fmt"
	"math"
	"strings"
	"time"

	"landfall/node"
	"landfall/node/remote/hosts"
)

// SSH configures the calls of ssh.
type SSH struct {
	Command string        `json:"command"`    // default: ssh
	Config  string        `json:"config"`     // file for -F; default: ssh's own configuration
	Connect time.Duration `json:"connect_ns"` // time limit of connecting; default 10 s
}

const connectFor = 10 * time.Second

func (s SSH) command() string { return cmp.Or(s.Command, "ssh") }

func (s SSH) connect() time.Duration { return cmp.Or(s.Connect, connectFor) }

// master returns the arguments of the session whose connection is shared. The operator's configuration
// applies, except for settings that would make concurrent sessions interfere with each other.
func (s SSH) master(h hosts.Host, socket, script string) []string {
	args := []string{"-M", "-S", socket, "-T", "-a", "-x"}
	if s.Config != "" {
		args = append(args, "-F", s.Config)
	}
	for _, option := range []string{
		"BatchMode=yes", "ControlPersist=no", "ClearAllForwardings=yes", "RemoteCommand=none", "PermitLocalCommand=no",
		fmt.Sprintf("ConnectTimeout=%.0f", math.Ceil(s.connect().Seconds())), "ServerAliveInterval=5", "ServerAliveCountMax=3",
	} {
		args = append(args, "-o", option)
	}
	if h.Port != 0 {
		args = append(args, "-p", fmt.Sprint(h.Port))
	}
	if h.User != "" {
		args = append(args, "-l", h.User)
	}
	return append(args, "--", h.Address, hosts.Script(script))
}

// through returns the arguments of a session over the shared connection; it fails rather than connect by
// itself.
func through(socket string, more ...string) []string {
	args := []string{"-F", "none", "-S", socket, "-o", "ProxyCommand=false", "-o", "BatchMode=yes", "-T"}
	return append(args, more...)
}

// permanentMessages lists messages of ssh after which retrying cannot help.
var permanentMessages = []struct{ says, meaning string }{
	{"REMOTE HOST IDENTIFICATION HAS CHANGED", "its host key differs from known_hosts: possible man-in-the-middle; if the host has a new key, update known_hosts"},
	{"Host key verification failed", "its host key is not known: connect to it once by hand with ssh, or put the key in known_hosts"},
	{"Session open refused by peer", "its sshd allows too few sessions per connection (MaxSessions): 3 are needed"},
	{"Permission denied (", "authentication failed: "},
	{"Too many authentication failures", "authentication failed: "},
	{"Bad configuration option", "ssh's configuration is wrong: "},
	{"Bad owner or permissions", "ssh's configuration is wrong: "},
	{"Can't open user config file", "ssh's configuration is wrong: "},
}

// PermanentError is an error that retrying cannot fix.
type PermanentError struct{ Err error }

func (e *PermanentError) Error() string { return e.Err.Error() }

func (e *PermanentError) Unwrap() error { return e.Err }

// explain converts the output of a failed ssh to an error.
func explain(stderr string, err error) error {
	last := ""
	for line := range strings.Lines(stderr) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "debug") {
			last = line
		}
	}
	last = node.Clean(last, 200)
	for _, h := range permanentMessages {
		if !strings.Contains(stderr, h.says) {
			continue
		}
		text := h.meaning
		if strings.HasSuffix(text, ": ") {
			text += last
		}
		return &PermanentError{fmt.Errorf("%s", text)}
	}
	if last == "" {
		return err
	}
	return fmt.Errorf("%s", last)
}
