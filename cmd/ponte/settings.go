package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/user"
	"strconv"
	"time"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/bridge/store"
	"github.com/ponte-desk/ponte/internal/app"
)

// mostRead is how much of a file is read: more than settings may have, so that they are refused for their size.
const mostRead = 1 << 20

// settingsOptions is what a command line of settings asks for.
type settingsOptions struct {
	verb, file string
	version    int64  // of export; 0 = the current one
	by         string // of import
	dryRun     bool
}

// manageSettings exports, imports and lists the operation's settings.
func manageSettings(ctx context.Context, s streams, args []string) (err error) {
	o, err := readSettingsOptions(s, args)
	if err != nil {
		return err
	}
	c, err := configured(false)
	if err != nil {
		return err
	}
	var op settings.Operation
	if o.verb == "import" { // a wrong file is told without Redis
		if op, err = readSettings(o.file); err != nil {
			return err
		}
	}
	kept, closeIt, err := app.OpenSettings(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeIt()) }()
	switch o.verb {
	case "export":
		return exportSettings(ctx, s, kept, o)
	case "import":
		return importSettings(ctx, s, kept, op, o)
	}
	return listSettings(ctx, s, kept)
}

// readSettingsOptions takes flags before and after the file.
func readSettingsOptions(s streams, args []string) (settingsOptions, error) {
	if len(args) == 0 {
		return settingsOptions{}, errUsage
	}
	o := settingsOptions{verb: args[0]}
	flags := flag.NewFlagSet("settings "+o.verb, flag.ContinueOnError)
	flags.SetOutput(s.err)
	most, least := 1, 1 // files
	switch o.verb {
	case "export":
		flags.Int64Var(&o.version, "history", 0, "prints the `version` of that number as it was saved")
		least = 0
	case "import":
		flags.BoolVar(&o.dryRun, "dry-run", false, "shows what would change and saves nothing")
		flags.StringVar(&o.by, "by", "", "`who` changes the settings; without it the user of this machine")
	case "history":
		most, least = 0, 0
	default:
		return o, errUsage
	}
	files := 0
	for rest := args[1:]; ; files++ {
		if flags.Parse(rest) != nil {
			return o, errUsage
		}
		if flags.NArg() == 0 {
			break
		}
		o.file, rest = flags.Arg(0), flags.Args()[1:]
	}
	if files < least || files > most || o.version < 0 {
		return o, errUsage
	}
	return o, nil
}

// readSettings reads a file, or the standard input.
func readSettings(name string) (op settings.Operation, err error) {
	in := os.Stdin
	if name != "-" {
		if in, err = os.Open(name); err != nil { // #nosec G304 -- the operator names the file
			return op, err
		}
		defer in.Close()
	}
	raw, err := io.ReadAll(io.LimitReader(in, mostRead))
	if err != nil {
		return op, err
	}
	return settings.Decode(raw)
}

// exportSettings writes the settings that hold, or an older version.
func exportSettings(ctx context.Context, s streams, kept *store.Settings, o settingsOptions) error {
	var file []byte
	if o.version > 0 {
		v, err := findVersion(ctx, kept, o.version)
		if err != nil {
			return err
		}
		file = []byte(v.YAML)
	} else {
		op, version, err := kept.Load(ctx)
		if err != nil && version > 0 {
			return fmt.Errorf("version %d: %w\n`ponte settings export --history %d` prints it as it is stored", version, err, version)
		}
		if err != nil {
			return err
		}
		if file, err = settings.Encode(op); err != nil {
			return err
		}
	}
	if o.file == "" || o.file == "-" {
		_, err := s.out.Write(file)
		return err
	}
	return os.WriteFile(o.file, file, 0o600)
}

// errNoVersion says that a version was never saved or is not kept any more.
var errNoVersion = errors.New("no such version is kept; `ponte settings history` lists those that are")

func findVersion(ctx context.Context, kept *store.Settings, number int64) (store.Version, error) {
	history, err := kept.History(ctx)
	if err != nil {
		return store.Version{}, err
	}
	for _, v := range history {
		if v.Number == number {
			return v, nil
		}
	}
	return store.Version{}, errNoVersion
}

// importSettings shows what changes and saves it.
func importSettings(ctx context.Context, s streams, kept *store.Settings, op settings.Operation, o settingsOptions) error {
	old, version, err := kept.Load(ctx)
	damaged := errors.Is(err, store.ErrSettingsUnreadable)
	switch {
	case damaged:
		fmt.Fprintf(s.err, "version %d can't be read, so this is compared with the defaults: %v\n", version, err)
		old = settings.DefaultOperation()
	case err != nil:
		return err
	}
	changes := settings.Diff(old, op)
	printChanges(s.out, "", changes)
	switch {
	case len(changes) == 0 && version > 0 && !damaged:
		fmt.Fprintf(s.out, "nothing changes; version %d holds\n", version)
		return nil
	case o.dryRun:
		fmt.Fprintf(s.out, "%d changed; nothing saved\n", len(changes))
		return nil
	}
	if o.by == "" {
		o.by = operator()
	}
	version, err = kept.Save(ctx, op, o.by, version)
	if errors.Is(err, store.ErrSettingsConflict) {
		return fmt.Errorf("%w; look at `ponte settings history`, then import again", err)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%d changed; version %d saved\n", len(changes), version)
	return nil
}

// operator is who works on this machine.
func operator() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "uid " + strconv.Itoa(os.Getuid())
}

func printChanges(w io.Writer, indent string, changes []settings.Change) {
	shown := func(value string) string {
		if value == "" {
			return "–"
		}
		return value
	}
	for _, c := range changes {
		fmt.Fprintf(w, "%s%s: %s → %s\n", indent, c.Path, shown(c.From), shown(c.To))
	}
}

// listSettings lists the versions, each with what changed in it.
func listSettings(ctx context.Context, s streams, kept *store.Settings) error {
	history, err := kept.History(ctx)
	if err != nil {
		return err
	}
	for i, v := range history {
		fmt.Fprintf(s.out, "%d  %s  %s\n", v.Number, v.At.Format(time.DateTime), v.By)
		before := settings.DefaultOperation()
		switch {
		case i+1 < len(history):
			if before, err = settings.Decode([]byte(history[i+1].YAML)); err != nil {
				fmt.Fprintln(s.out, "  the version before it can't be read")
				continue
			}
		case v.Number > 1: // the version before it is not kept any more
			continue
		}
		op, err := settings.Decode([]byte(v.YAML))
		if err != nil {
			fmt.Fprintln(s.out, "  it can't be read")
			continue
		}
		printChanges(s.out, "  ", settings.Diff(before, op))
	}
	fmt.Fprintf(s.out, "%d versions\n", len(history))
	return nil
}
