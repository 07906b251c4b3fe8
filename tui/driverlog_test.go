package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"landfall/node"
	"landfall/node/remote/hosts"
	"landfall/tui/tuitest"
)

// TestDriverLog: the log of a driver contains every event about it and its runs, and none about other drivers; it opens at its end,
// scrolls, and names the location of the driver's own log.
func TestDriverLog(t *testing.T) {
	c := tuitest.New()
	running(c, 3, 5)
	for range 40 {
		c.Clock = c.Clock.Add(time.Second)
		c.Leave(1)
		c.Beat(1, node.Idle, "")
	}
	m := console(c, 80, 24)
	press(m, "down", "down", "enter", "e") // it has no share any more and comes last
	contains(t, m, "Log of drv-02", "drv-02 left", "Its own log", "standard error")
	if screen := m.View(); strings.Contains(screen, "drv-01") || strings.Contains(screen, "drv-03") {
		t.Errorf("other drivers are in the log:\n%s", screen)
	}
	newest := m.View()
	if press(m, "g"); m.View() == newest {
		t.Error("g does not scroll to the first event")
	}
	contains(t, m, "the run was started on 3 drivers")
	press(m, "esc")
	if _, is := m.top().(*detail); !is {
		t.Errorf("esc leads to %T, want the driver", m.top())
	}
}

// TestDriverLogOverSSH: for a driver over SSH, the command that shows its own log is named.
func TestDriverLogOverSSH(t *testing.T) {
	m := inState(t, "idle", 120, 40)
	m.config.Hosts = &fakeHosts{states: []hosts.State{{Host: "west-1", Phase: hosts.Up, Drivers: []hosts.Driver{{Name: tuitest.Name(0)}}}}}
	if text := fmt.Sprint(m.driverLog(tuitest.Name(0), 300)); !strings.Contains(text, "Kafka: `landfall fleet logs west-1` shows it.") {
		t.Errorf("%s", text)
	}
}

// TestDriverLogWithoutEvents: the log of a driver without events is not empty, but states that there are none.
func TestDriverLogWithoutEvents(t *testing.T) {
	m := inState(t, "idle", 120, 40)
	if text := fmt.Sprint(m.driverLog("nobody", 80)); !strings.Contains(text, "no events about this driver yet") {
		t.Errorf("%s", text)
	}
}
