package hosts

import (
	"bytes"
	"encoding/json"
	"fmt"

	"landfall/node"
)

// Schema is the version of the messages. Both ends run the same binary, so other versions are refused.
const Schema = 1

// The requests of an Order.
const (
	Keep   = "keep"   // start the drivers and supervise them during the session; then leave them running
	End    = "end"    // drain and stop the drivers, and remove their folder
	Look   = "look"   // report what runs
	Follow = "follow" // send the logs
)

// Order is the first line of the remote end's standard input. The session lasts until the input ends.
type Order struct {
	Schema  int      `json:"schema"`
	Do      string   `json:"do"`
	Root    string   `json:"root"`   // the cache folder on the host
	Folder  string   `json:"folder"` // of the fleet's drivers, within Root/fleets
	Session string   `json:"session,omitempty"`
	Drivers []Launch `json:"drivers,omitempty"`
	Files   []File   `json:"files,omitempty"`
	Grace   int64    `json:"grace_ms,omitempty"` // time for drivers to drain before they are killed
	Purge   bool     `json:"purge,omitempty"`    // of End: remove the cached binary too, unless another fleet uses it
	Driver  string   `json:"driver,omitempty"`   // of Follow: whose log; "": all
	Lines   int      `json:"lines,omitempty"`    // of Follow: number of last lines
	On      bool     `json:"on,omitempty"`       // of Follow: also send new lines
}

// Launch is a driver and its flags.
type Launch struct {
	Name string   `json:"name"`
	Args []string `json:"args"`
}

// File is a file named by a flag of the drivers. It is sent within the session, and never on a command line.
type File struct {
	Flag   string `json:"flag"` // such as --kafka-password-file
	Name   string `json:"name"`
	Data   []byte `json:"data"`
	Driver string `json:"driver,omitempty"` // the driver that gets the flag; "": all
}

// Answer is a line from the remote end.
type Answer struct {
	Schema  int      `json:"schema"`
	Drivers []Driver `json:"drivers,omitempty"`
	Line    *Line    `json:"line,omitempty"`
	Done    bool     `json:"done,omitempty"`
	Error   string   `json:"error,omitempty"`
}

// Line is one line of a driver's log.
type Line struct {
	Driver string `json:"driver"`
	Text   string `json:"text"`
}

// Limits of a host's answers.
const (
	maxDrivers = 1000
	maxLine    = 4096 // runes
	maxProblem = 240
)

// ReadAnswer parses a line of the session's output; false: it is not an answer, for example a banner of the
// account's shell. An answer's strings are safe to display, since hosts may be hostile.
func ReadAnswer(line []byte) (a Answer, ok bool, err error) {
	if !bytes.HasPrefix(line, []byte(`{"schema":`)) || json.Unmarshal(line, &a) != nil {
		return a, false, nil
	}
	if a.Schema != Schema {
		return a, true, fmt.Errorf("the host uses schema %d, this landfall %d", a.Schema, Schema)
	}
	a.Drivers = a.Drivers[:min(len(a.Drivers), maxDrivers)]
	node.CleanTexts(&a, maxLine)
	a.Error = node.Clean(a.Error, maxProblem)
	for i := range a.Drivers {
		d := &a.Drivers[i]
		d.Name, d.Problem = node.Clean(d.Name, maxProblem), node.Clean(d.Problem, maxProblem)
	}
	return a, true, nil
}

// Launches returns the drivers of a host: with the flags for all hosts, then the labels and flags of the
// host.
func (h Host) Launches(flags []string) []Launch {
	args := append([]string{"driver"}, flags...)
	for _, k := range sortedKeys(h.Labels) {
		args = append(args, "--label="+k+"="+h.Labels[k])
	}
	args = append(args, h.Flags...)
	var list []Launch
	for _, name := range h.DriverNames() {
		list = append(list, Launch{Name: name, Args: args})
	}
	return list
}
