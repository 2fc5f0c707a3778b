from backoffice.outbox.plain import plain_text


def test_rows_become_lines_and_links_keep_their_address():
    html = "<style>p{}</style><h1>日报</h1><table><tr><td>张三</td><td>1,200.00</td></tr><tr><td>李四</td><td>300.00</td></tr></table><p><a href='https://x/1'>Open</a></p>"
    assert plain_text(html) == "日报\n\n张三  1,200.00\n李四  300.00\n\nOpen <https://x/1>\n"
