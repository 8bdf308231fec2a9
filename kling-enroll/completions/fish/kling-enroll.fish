# SPDX-License-Identifier: BSD-3-Clause
# Completion of kling-enroll for fish. Commands, options and the kinds of their values come from the
# tool's own --help, user names from the store (for those who may read it).

# TOOL [COMMAND]: a line "NAME ARGUMENT<tab>what it does" for each that its help shows
function __kling_enroll_help
    set -lx PATH $PATH /usr/local/sbin /usr/sbin /sbin
    command $argv --help 2>/dev/null | awk '
        function flush() { if (name != "") print name "\t" text; name = "" }
        /^  [a-z-]/ {
            flush(); match($0, /^  [a-z-]+( [^ ]+)?/)
            name = substr($0, 3, RLENGTH - 2); text = substr($0, RLENGTH + 1)
            sub(/^ +/, "", text)
            next
        }
        /^          / && name != "" { sub(/^ +/, text == "" ? "" : " "); text = text $0; next }
        { flush() }
        END { flush() }'
end

# CONFIG: who has a record in the store, whose files are named in percent encoding; everybody, for
# those who may not read it
function __kling_enroll_enrolled
    set -l state (sed -n 's/^[[:blank:]]*state_dir[[:blank:]]*=[[:blank:]]*//p' $argv[1] 2>/dev/null)
    test -n "$state"; or set state /var/lib/kling
    test -r $state/users; or __fish_complete_users
    for record in $state/users/*/
        string unescape --style=url -- (path basename $record)
    end
end

# ARGUMENT CONFIG WORD: what may stand for it
function __kling_enroll_values
    switch $argv[1]
        case 'FILE*' 'F.*'
            __fish_complete_path $argv[3]
        case DIR
            __fish_complete_directories $argv[3] ''
        case USER
            __fish_complete_users
        case RECORD
            __kling_enroll_enrolled $argv[2]
        case NAME
            __fish_complete_groups
        case SERVICE
            command ls /etc/pam.d 2>/dev/null
        case '*|*'
            string split '|' -- $argv[1]
    end
end

# COMMAND NUMBER: what its operand of that number (from 0) is
function __kling_enroll_operand
    switch $argv[1]:$argv[2]
        case add:0 grace:0 import:2
            echo USER
        case codes:0 verify:0 'status:*' unlock:0 remove:0 resync:0
            echo RECORD
        case import:0
            echo 'google-authenticator|users.oath|uri'
        case import:1
            echo FILE
    end
end

# NAME LINE...: the ARGUMENT in the help's line of that name
function __kling_enroll_argument
    set -l escaped (string escape --style=regex -- $argv[1])
    string replace -rf -- "^$escaped (\S+)\t.*" '$1' $argv[2..-1]
end

function __kling_enroll_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l config /etc/kling/kling.conf
    set -l known (__kling_enroll_help $words[1])
    set -l chosen
    set -l operands 0
    set -l expected
    for word in $words[2..-1]
        if test -n "$expected"
            test $expected = --config; and set config $word
            set expected
        else if string match -q -- '--config=*' $word
            set config (string replace -- --config= '' $word)
        else if string match -q -- '--*' $word
            test -n "$(__kling_enroll_argument $word $known)"; and set expected $word
        else if test -n "$chosen"
            set operands (math $operands + 1)
        else
            set chosen $word
            set known (__kling_enroll_help $words[1] $chosen)
        end
    end

    if test -n "$expected"
        __kling_enroll_values (__kling_enroll_argument $expected $known) $config "$current"
    else if string match -q -- '--*=*' $current
        set -l parts (string split -m 1 = -- $current)
        set -l kind (__kling_enroll_argument $parts[1] $known)
        printf "$parts[1]=%s\n" (__kling_enroll_values "$kind" $config "$parts[2]")
    else if string match -q -- '-*' $current
        string replace -rf -- '^(-\S+)( \S+)?\t' '$1\t' $known
    else if test -z "$chosen"
        string match -r -- '^[a-z].*' $known
    else
        set -l kind (__kling_enroll_operand $chosen $operands)
        test -n "$kind"; and __kling_enroll_values $kind $config "$current"
    end
end

complete -c kling-enroll -f -a '(__kling_enroll_complete)'
