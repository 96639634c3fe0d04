# `circleci tests split [FILE]` and `tests run`: the names of this node (CLI-004 to CLI-009).
#
# Each node works the whole split out: what is equal on all of them comes to the same on all. The
# heaviest name goes first, each to the node with the least so far; by name all weigh the same.

BEGIN {
    SMALL_S = 0.01 # what a test weighs whose time nobody knows
    subcommand = ARGV[1]
    read_arguments()
    check_arguments()
    read_names()
    sort(names, count)
    for (at = 1; at <= count; at++)
        heaviest[at] = names[at]
    weigh()
    sort(heaviest, count)
    assign()
    show()
}

function fail(message) {
    print "circleci: tests " subcommand ": " message > "/dev/stderr"
    exit 1
}

function read_arguments(    at, argument, name) {
    source = "/dev/stdin"
    option["split-by"] = "name"
    option["index"] = "CIRCLE_NODE_INDEX" in ENVIRON ? ENVIRON["CIRCLE_NODE_INDEX"] : 0
    option["total"] = "CIRCLE_NODE_TOTAL" in ENVIRON ? ENVIRON["CIRCLE_NODE_TOTAL"] : 1
    option["timings-type"] = "autodetect"
    option["timings-file"] = \
        ENVIRON["CIRCLE_INTERNAL_TASK_DATA"] "/circle-test-results/results.json"
    option["time-default"] = SMALL_S "s"
    if (subcommand == "run")
        option["command"] = ""
    for (at = 2; at < ARGC; at++) {
        argument = ARGV[at]
        if (argument ~ /^(--show-counts|--verbose|-v)$/)
            is_told = 1
        else if (argument !~ /^-./)
            source = argument
        else {
            match(argument, /^--?[a-z-]*/)
            name = substr(argument, 3, RLENGTH - 2)
            if (!(name in option))
                fail("unknown option '" argument "'")
            if (substr(argument, RLENGTH + 1, 1) == "=")
                option[name] = substr(argument, RLENGTH + 2)
            else if (++at < ARGC)
                option[name] = ARGV[at]
            else
                fail("'" argument "' needs a value")
        }
    }
}

function check_arguments() {
    if (subcommand == "run" && option["command"] == "")
        fail("--command is required: what runs the tests, such as --command=\"xargs pytest\"")
    if (option["split-by"] !~ /^(name|filesize|timings)$/)
        fail("--split-by is name, filesize or timings, not '" option["split-by"] "'")
    if (option["timings-type"] !~ /^(filename|file|classname|testname|name|autodetect)$/)
        fail("--timings-type is filename, classname, testname or autodetect, not '" \
            option["timings-type"] "'")
    if (option["total"] !~ /^[0-9]+$/ || option["total"] < 1)
        fail("--total is the number of nodes, not '" option["total"] "'")
    if (option["index"] !~ /^[0-9]+$/ || option["index"] + 0 >= option["total"] + 0)
        fail("--index is from 0 to " (option["total"] - 1) ", not '" option["index"] "'")
    default_s = seconds_of(option["time-default"])
}

# Return the seconds of a duration as Go writes it: 10s, 1m30s, 500ms.
function seconds_of(text,    left, part, seconds) {
    left = text
    while (match(left, /^[0-9]+(\.[0-9]+)?(ms|s|m|h)/)) {
        part = substr(left, 1, RLENGTH)
        left = substr(left, RLENGTH + 1)
        seconds += part * (part ~ /ms$/ ? 0.001 : part ~ /s$/ ? 1 : part ~ /m$/ ? 60 : 3600)
    }
    if (text == "" || left != "")
        fail("--time-default is a time such as 10s or 1m30s, not '" text "'")
    return seconds
}

function read_names(    line, words, word, at, status) {
    while ((status = (getline line < source)) > 0) {
        words = split(line, word)
        for (at = 1; at <= words; at++)
            if (!(word[at] in weight)) {
                names[++count] = word[at] "" # else 10 would come after 9
                weight[word[at]] = 1
            }
    }
    if (status < 0)
        fail("cannot read '" source "'")
}

function weigh() {
    if (option["split-by"] == "filesize")
        weigh_by_size()
    else if (option["split-by"] == "timings")
        weigh_by_time()
}

function weigh_by_size(    at, start, command, line) {
    for (start = 1; start <= count; start += 100) {
        command = "wc -c --"
        for (at = start; at <= count && at < start + 100; at++)
            command = command " " quoted(names[at])
        command = command " 2>/dev/null"
        while ((command | getline line) > 0) {
            sub(/^ +/, "", line)
            size[substr(line, index(line, " ") + 1)] = line + 0
        }
        close(command)
    }
    for (at = 1; at <= count; at++) {
        if (!(names[at] in size))
            fail("there is no file '" names[at] "' to split by its size")
        weight[names[at]] = size[names[at]]
    }
}

function quoted(text) {
    gsub(/'/, "'\\''", text)
    return "'" text "'"
}

function weigh_by_time(    at, name, type) {
    read_timings(option["timings-file"])
    type = timings_type()
    if (type == "") {
        print "Error auto-detecting timing type, falling back to weighting by name." > "/dev/stderr"
        return
    }
    for (at = 1; at <= count; at++) {
        name = plain(names[at])
        weight[names[at]] = (type, name) in time ? time[type, name] : default_s
    }
}

# Return by which field names are looked up: the one that knows most of them; "" for none.
function timings_type(    fields, field, at, number, known, most, best) {
    if (!timings)
        return ""
    fields = split("file classname name", field, " ")
    for (number = 1; number <= fields; number++) {
        # filename and testname are the fields file and name.
        if (option["timings-type"] ~ "^(test)?" field[number])
            return field[number]
        known = 0
        for (at = 1; at <= count; at++)
            known += (field[number], plain(names[at])) in time
        if (known > most) {
            most = known
            best = field[number]
        }
    }
    return best
}

function plain(name) {
    sub(/^\.\//, "", name)
    return name
}

function assign(    at, node, best) {
    for (at = 1; at <= count; at++) {
        best = 0
        for (node = 1; node < option["total"]; node++)
            if (is_freer(node, best))
                best = node
        load[best] += weight[heaviest[at]]
        taken[best]++
        node_of[heaviest[at]] = best
    }
}

function is_freer(node, other) {
    if (load[node] + 0 != load[other] + 0)
        return load[node] + 0 < load[other] + 0
    return taken[node] + 0 < taken[other] + 0
}

function show(    at, separator) {
    for (at = 1; at <= count; at++)
        if (node_of[names[at]] == option["index"] + 0) {
            printf "%s%s", separator, names[at]
            separator = subcommand == "run" ? " " : "\n"
        }
    if (separator)
        print ""
    if (is_told)
        printf "node %d of %d has %d of %d tests, split by %s\n", option["index"], \
            option["total"], taken[option["index"] + 0], count, option["split-by"] > "/dev/stderr"
}

# Sort by weight, the heaviest first, then by name; merge runs that are twice as long each time.
function sort(list, length_of_list,    width, start, left, right, at, merged) {
    for (width = 1; width < length_of_list; width *= 2) {
        for (start = 1; start <= length_of_list; start += 2 * width) {
            left = start
            right = start + width
            for (at = start; at < start + 2 * width && at <= length_of_list; at++) {
                if (right >= start + 2 * width || right > length_of_list)
                    merged[at] = list[left++]
                else if (left >= start + width || comes_before(list[right], list[left]))
                    merged[at] = list[right++]
                else
                    merged[at] = list[left++]
            }
        }
        for (at = 1; at <= length_of_list; at++)
            list[at] = merged[at]
    }
}

function comes_before(one, other) {
    if (weight[one] != weight[other])
        return weight[one] > weight[other]
    return one < other
}
