package cpu

import (
	"io/fs"
	"math"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// MayUse returns how many cores the process may use, as a fraction if its control group allows less than one:
// the runtime's own count is therefore never below two.
func MayUse() float64 { return min(float64(Cores()), quota()) }

var quota = sync.OnceValue(func() float64 { return cpuQuota(os.DirFS("/")) })

// cpuQuota returns the lowest limit, in cores, of this process's control group and those above it; infinite
// if there is none, as on systems without control groups (Linux: cgroups(7), both versions).
func cpuQuota(root fs.FS) float64 {
	list, _ := fs.ReadFile(root, "proc/self/cgroup")
	least := math.Inf(1)
	for line := range strings.Lines(string(list)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3) // number, controllers, path
		if len(parts) < 3 {
			continue
		}
		mount, limit := "sys/fs/cgroup", limitV2
		if parts[1] != "" {
			mount, limit = "sys/fs/cgroup/"+parts[1], limitV1
		}
		if parts[1] != "" && !slices.Contains(strings.Split(parts[1], ","), "cpu") {
			continue
		}
		for dir := path.Clean("/" + parts[2]); ; dir = path.Dir(dir) {
			least = min(least, limit(root, path.Join(mount, dir)))
			if dir == "/" { // in a container often all that is there of the path
				break
			}
		}
	}
	return least
}

// limitV2 parses "quota period" in microseconds, or "max period".
func limitV2(root fs.FS, dir string) float64 {
	text, _ := fs.ReadFile(root, path.Join(dir, "cpu.max"))
	most, period, _ := strings.Cut(strings.TrimSpace(string(text)), " ")
	return limitOf(most, period)
}

func limitV1(root fs.FS, dir string) float64 {
	most, _ := fs.ReadFile(root, path.Join(dir, "cpu.cfs_quota_us"))
	period, _ := fs.ReadFile(root, path.Join(dir, "cpu.cfs_period_us"))
	return limitOf(strings.TrimSpace(string(most)), strings.TrimSpace(string(period)))
}

func limitOf(most, period string) float64 {
	m, err := strconv.ParseFloat(most, 64)
	p, wrong := strconv.ParseFloat(period, 64)
	if err != nil || wrong != nil || m <= 0 || p <= 0 {
		return math.Inf(1)
	}
	return m / p
}
