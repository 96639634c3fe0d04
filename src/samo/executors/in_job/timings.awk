# Read how long tests took from a file as CircleCI writes it:
# {"tests": [{"file": "...", "classname": "...", "name": "...", "run_time": 1.5}, ...]}.
#
# The text is read from quote to quote, which is in turn outside and inside of a string.

# Fill time[FIELD, NAME] with the seconds of all tests of that name; `timings` counts tests.
function read_timings(path,    separator, piece, is_inside, text, key, test) {
    separator = RS
    RS = "\""
    while ((getline piece < path) > 0) {
        if (is_inside) {
            text = text piece
            if (ends_in_escape(piece)) {
                text = text "\""
                continue
            }
            text = unescaped(text)
            if (key != "")
                test[key] = text
        } else {
            note(piece, text, test)
            key = piece ~ /^[ \t\r\n]*:[ \t\r\n]*$/ ? text : ""
            text = ""
        }
        is_inside = !is_inside
    }
    close(path)
    RS = separator
}

# Take what stands between two strings: the number that belongs to the first, the end of a test.
function note(piece, text, test,    number) {
    if (match(piece, /^[ \t\r\n]*:[ \t\r\n]*[0-9.eE+-]+/)) {
        number = substr(piece, RSTART, RLENGTH)
        sub(/^[ \t\r\n]*:[ \t\r\n]*/, "", number)
        test[text] = number + 0
    }
    if (piece ~ /}/ && "run_time" in test) {
        sub(/^\.\//, "", test["file"])
        time["file", test["file"]] += test["run_time"]
        time["classname", test["classname"]] += test["run_time"]
        time["name", test["name"]] += test["run_time"]
        timings++
        split("", test)
    }
}

function ends_in_escape(piece) {
    return match(piece, /\\+$/) && RLENGTH % 2
}

function unescaped(text,    done, code) {
    while (match(text, /\\(u[dD][89abAB]..\\u[dD][c-fC-F]..|u....|.)/)) {
        code = substr(text, RSTART + 1, RLENGTH - 1)
        done = done substr(text, 1, RSTART - 1) (length(code) > 1 ? character(code) : control(code))
        text = substr(text, RSTART + RLENGTH)
    }
    return done text
}

function control(letter,    at) {
    at = index("ntrbf", letter)
    return at ? substr("\n\t\r\b\f", at, 1) : letter
}

# Return the UTF-8 of a character that is written as uXXXX, or as two of these beyond U+FFFF.
function character(code,    number) {
    number = number_of(substr(code, 2, 4))
    if (length(code) > 5)
        number = 65536 + (number - 55296) * 1024 + number_of(substr(code, 8, 4)) - 56320
    if (number < 128)
        return sprintf("%c", number)
    if (number >= 56448 && number < 56576) # so Python writes a byte that is no UTF-8
        return sprintf("%c", number - 56320)
    if (number < 2048)
        return sprintf("%c", 192 + int(number / 64)) last_bytes(number, 1)
    if (number < 65536)
        return sprintf("%c", 224 + int(number / 4096)) last_bytes(number, 2)
    return sprintf("%c", 240 + int(number / 262144)) last_bytes(number, 3)
}

function last_bytes(number, bytes) {
    if (bytes == 0)
        return ""
    return last_bytes(int(number / 64), bytes - 1) sprintf("%c", 128 + number % 64)
}

function number_of(hexadecimal,    at, number) {
    for (at = 1; at <= 4; at++)
        number = number * 16 + index("123456789abcdef", tolower(substr(hexadecimal, at, 1)))
    return number
}
