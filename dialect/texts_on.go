//go:build sqlayer_texts

package dialect

import (
	"encoding/json"
	"os"
	"runtime"
	"strings"
	"sync"
)

// texts is where keepText keeps what this process compiles.
var texts struct {
	sync.Mutex
	file *os.File
	seen map[string]bool
}

// keepText writes each text that is compiled, once a process, to a file of
// the folder that TEXTS_OF_SQLAYER names: a line of JSON with the dialect's name, its
// version, the text and the test that asks for it. Only internal/grammar builds
// with this, to put what the tests of the module make to its grammars.
func keepText(d Dialect, c *Compiled) {
	dir := os.Getenv("TEXTS_OF_SQLAYER")
	if dir == "" {
		return
	}
	line := struct {
		Dialect string
		Major   int
		Text    string
		From    string
	}{d.Name(), d.Features().Version.Major, c.Sent(), "no test"}
	pc := make([]uintptr, 64)
	frames := runtime.CallersFrames(pc[:runtime.Callers(2, pc)])
	for more := true; more; {
		var f runtime.Frame
		if f, more = frames.Next(); strings.HasSuffix(f.File, "_test.go") {
			line.From = f.File
			break
		}
	}
	b, err := json.Marshal(line)
	if err != nil {
		panic(err)
	}
	texts.Lock()
	defer texts.Unlock()
	if texts.seen[string(b)] {
		return
	}
	if texts.file == nil {
		if texts.file, err = os.CreateTemp(dir, "texts-*.json"); err != nil {
			panic(err)
		}
		texts.seen = map[string]bool{}
	}
	texts.seen[string(b)] = true
	if _, err := texts.file.Write(append(b, '\n')); err != nil {
		panic(err)
	}
}
