<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>CameraDialog</name>
    <message>
        <source>Edit camera</source>
        <translation>编辑相机</translation>
    </message>
    <message>
        <source>Add camera</source>
        <translation>添加相机</translation>
    </message>
    <message>
        <source>optional: the small stream for tiles</source>
        <translation>可选：窗格使用的子码流</translation>
    </message>
    <message>
        <source>TCP (default)</source>
        <translation>TCP（默认）</translation>
    </message>
    <message>
        <source>Main stream</source>
        <translation>主码流</translation>
    </message>
    <message>
        <source>Substream</source>
        <translation>子码流</translation>
    </message>
    <message>
        <source>Transport</source>
        <translation>传输</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>用户名</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>place and direction, such as “Zhongshan Rd, N”</source>
        <translation>地点和朝向，例如“中山路 朝北”</translation>
    </message>
    <message>
        <source>optional</source>
        <translation>可选</translation>
    </message>
    <message>
        <source>choose, or type a new site&apos;s name</source>
        <translation>选择，或输入新地点的名称</translation>
    </message>
    <message>
        <source>optional, 1 to 999999</source>
        <translation>可选，1 到 999999</translation>
    </message>
    <message>
        <source>optional, 20 digits (GB/T 28181)</source>
        <translation>可选，20 位数字（GB/T 28181）</translation>
    </message>
    <message>
        <source>Never degrade</source>
        <translation>从不降级</translation>
    </message>
    <message>
        <source>Verify the certificate of rtsps and https addresses</source>
        <translation>验证 rtsps 和 https 地址的证书</translation>
    </message>
    <message>
        <source>Off: any certificate is accepted, also that of somebody in between.</source>
        <translation>关闭：接受任何证书，包括中间人的证书。</translation>
    </message>
    <message>
        <source>When this computer is short of power, other tiles give way first: they get the small stream, then fewer pictures. Mark few cameras.</source>
        <translation>本机性能不足时，其他窗口先降级：先改用子码流，再减少画面。请只标记少数相机。</translation>
    </message>
    <message>
        <source>TLS</source>
        <translation>TLS</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>English name</source>
        <translation>英文名称</translation>
    </message>
    <message>
        <source>Organisation</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Call number</source>
        <translation>调用号</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>Importance</source>
        <translation>重要性</translation>
    </message>
    <message>
        <source>“Test” shows the camera&apos;s picture here.</source>
        <translation>点“测试”后在此显示相机画面。</translation>
    </message>
    <message>
        <source>&amp;Test</source>
        <translation>测试(&amp;T)</translation>
    </message>
    <message>
        <source>Save without a test</source>
        <translation>不测试直接保存</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>The password goes into the system&apos;s keyring.</source>
        <translation>密码保存在系统密钥环中。</translation>
    </message>
    <message>
        <source>This system has no keyring: passwords go into an encrypted file that only your account can read.</source>
        <translation>本系统没有密钥环：密码保存在只有您的账户可读的加密文件中。</translation>
    </message>
    <message>
        <source>unchanged</source>
        <translation>不变</translation>
    </message>
    <message>
        <source>Test the camera to save it.</source>
        <translation>测试通过后才能保存。</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
    <message>
        <source>Cancel the test</source>
        <translation>取消测试</translation>
    </message>
    <message>
        <source>Asking the camera…</source>
        <translation>正在查询相机…</translation>
    </message>
    <message>
        <source>PTZ: yes</source>
        <translation>云台：有</translation>
    </message>
    <message>
        <source>no picture</source>
        <translation>无画面</translation>
    </message>
    <message>
        <source>The camera did not answer in time.</source>
        <translation>相机未及时应答。</translation>
    </message>
    <message>
        <source>My organisation</source>
        <translation>我的单位</translation>
    </message>
    <message>
        <source>A name is needed.</source>
        <translation>需要名称。</translation>
    </message>
    <message>
        <source>The name is too long (100 characters).</source>
        <translation>名称过长（最多 100 个字符）。</translation>
    </message>
    <message>
        <source>Choose a site, or type a new one&apos;s name.</source>
        <translation>请选择地点，或输入新地点的名称。</translation>
    </message>
    <message>
        <source>The code must have 20 digits with a known shape.</source>
        <translation>编码必须是 20 位数字且格式有效。</translation>
    </message>
    <message>
        <source>Another camera has this code.</source>
        <translation>另一台相机已使用此编码。</translation>
    </message>
    <message>
        <source>The call number must be 1 to 999999.</source>
        <translation>调用号必须是 1 到 999999。</translation>
    </message>
    <message>
        <source>Another camera has this call number.</source>
        <translation>另一台相机已使用此调用号。</translation>
    </message>
    <message>
        <source>Test the camera first: its streams are not known.</source>
        <translation>请先测试相机：尚不知道其码流。</translation>
    </message>
    <message>
        <source>The address must look like rtsp://host/path.</source>
        <translation>地址格式应为 rtsp://主机/路径。</translation>
    </message>
    <message>
        <source>User name and password go into their own fields.</source>
        <translation>用户名和密码请填入各自的栏目。</translation>
    </message>
</context>
<context>
    <name>CaseDialog</name>
    <message>
        <source>Why are pictures taken?</source>
        <translation>为何调取图像？</translation>
    </message>
    <message>
        <source>incident or case number</source>
        <translation>事件或案件编号</translation>
    </message>
    <message>
        <source>Incident in progress</source>
        <translation>正在处置的事件</translation>
    </message>
    <message>
        <source>Report of an offence</source>
        <translation>报案</translation>
    </message>
    <message>
        <source>Traffic accident</source>
        <translation>交通事故</translation>
    </message>
    <message>
        <source>Missing person</source>
        <translation>寻人</translation>
    </message>
    <message>
        <source>Fault of a camera</source>
        <translation>相机故障</translation>
    </message>
    <message>
        <source>Request of another organisation</source>
        <translation>其他单位申请</translation>
    </message>
    <message>
        <source>Order of the duty officer</source>
        <translation>值班领导指令</translation>
    </message>
    <message>
        <source>Written request</source>
        <translation>书面申请</translation>
    </message>
    <message>
        <source>Emergency call</source>
        <translation>报警电话</translation>
    </message>
    <message>
        <source>Maintenance duty</source>
        <translation>运维职责</translation>
    </message>
    <message>
        <source>choose or type</source>
        <translation>选择或输入</translation>
    </message>
    <message>
        <source>who asked for it</source>
        <translation>由谁提出</translation>
    </message>
    <message>
        <source>who allowed it</source>
        <translation>由谁批准</translation>
    </message>
    <message>
        <source>It goes into the register of retrievals and into every package. It holds for all you take until you end the case.</source>
        <translation>将写入调取登记和每个证据包。在结束本案之前，对所有调取有效。</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Purpose *</source>
        <translation>用途 *</translation>
    </message>
    <message>
        <source>Basis *</source>
        <translation>依据 *</translation>
    </message>
    <message>
        <source>Requested by</source>
        <translation>申请人</translation>
    </message>
    <message>
        <source>Approved by</source>
        <translation>批准人</translation>
    </message>
    <message>
        <source>Purpose and basis are needed.</source>
        <translation>必须填写用途和依据。</translation>
    </message>
</context>
<context>
    <name>ConflictDialog</name>
    <message>
        <source>Entries to decide</source>
        <translation>待决定的录入</translation>
    </message>
    <message>
        <source>Keep theirs</source>
        <translation>保留对方</translation>
    </message>
    <message>
        <source>Keep mine</source>
        <translation>保留我的</translation>
    </message>
    <message>
        <source>Use this</source>
        <translation>采用此值</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一项</translation>
    </message>
    <message>
        <source>or another value</source>
        <translation>或输入其他值</translation>
    </message>
    <message>
        <source>Nothing to decide.</source>
        <translation>没有待决定的内容。</translation>
    </message>
    <message>
        <source>(not on this console)</source>
        <translation>（不在本工作站）</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>第 {number} 项，共 {count} 项</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>已删除</translation>
    </message>
    <message>
        <source>as it was</source>
        <translation>保持原样</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>保持不变</translation>
    </message>
    <message>
        <source>Send again</source>
        <translation>重新发送</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>我的</translation>
    </message>
    <message>
        <source>On the server</source>
        <translation>服务器上</translation>
    </message>
    <message>
        <source>This is no value for it.</source>
        <translation>此值不适用。</translation>
    </message>
</context>
<context>
    <name>CostPanel</name>
    <message>
        <source>window</source>
        <translation>主窗口</translation>
    </message>
    <message>
        <source>decoder {n}</source>
        <translation>解码进程 {n}</translation>
    </message>
    <message>
        <source>main</source>
        <translation>主码流</translation>
    </message>
    <message>
        <source>sub</source>
        <translation>子码流</translation>
    </message>
    <message>
        <source>This wall takes {percent} % of this computer</source>
        <translation>本电视墙占用本机 {percent} %</translation>
    </message>
    <message>
        <source>other programs {percent} %</source>
        <translation>其他程序 {percent} %</translation>
    </message>
    <message>
        <source>memory {mb} MB ({percent} %)</source>
        <translation>内存 {mb} MB（{percent} %）</translation>
    </message>
    <message numerus="yes">
        <source>%n stream(s)</source>
        <translation>
            <numerusform>%n 路视频</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them give way</source>
        <translation>
            <numerusform>其中 %n 路已降级</numerusform>
        </translation>
    </message>
    <message>
        <source>Decoded by {device}, small streams by the processor.</source>
        <translation>由 {device} 解码，小码流由处理器解码。</translation>
    </message>
    <message>
        <source>100 % of a process is one core; all streams are decoded by the processor.</source>
        <translation>进程的 100 % 为一个核心；所有视频由处理器解码。</translation>
    </message>
    <message>
        <source>Process</source>
        <translation>进程</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>100 % is one core</source>
        <translation>100 % 为一个核心</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>with libraries and pictures that it shares</source>
        <translation>含共享的程序库和画面</translation>
    </message>
    <message>
        <source>Streams</source>
        <translation>视频</translation>
    </message>
    <message>
        <source>Restarts</source>
        <translation>重启</translation>
    </message>
    <message>
        <source>how often it was replaced after it died or hung</source>
        <translation>异常退出或无响应后被替换的次数</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Stream</source>
        <translation>码流</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>分辨率</translation>
    </message>
    <message>
        <source>Codec</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>fps</source>
        <translation>帧率</translation>
    </message>
    <message>
        <source>pictures decoded a second</source>
        <translation>每秒解码的画面数</translation>
    </message>
    <message>
        <source>ms/s</source>
        <translation>毫秒/秒</translation>
    </message>
    <message>
        <source>processor time a second: reading, decoding, scaling</source>
        <translation>每秒占用的处理器时间：接收、解码、缩放</translation>
    </message>
    <message>
        <source>Mbit/s</source>
        <translation>Mbit/s</translation>
    </message>
    <message>
        <source>Dropped</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>pictures that came too late to be shown</source>
        <translation>到达过晚而未显示的画面</translation>
    </message>
    <message>
        <source>Late ms</source>
        <translation>延迟毫秒</translation>
    </message>
    <message>
        <source>against the stream&apos;s own pace</source>
        <translation>相对该码流自身节奏</translation>
    </message>
    <message>
        <source>Gives way</source>
        <translation>降级</translation>
    </message>
    <message>
        <source>what it does without while the computer is busy</source>
        <translation>本机繁忙时放弃的内容</translation>
    </message>
    <message>
        <source>Decoder</source>
        <translation>解码进程</translation>
    </message>
    <message>
        <source>the decoder process</source>
        <translation>所在解码进程</translation>
    </message>
    <message>
        <source>Processes</source>
        <translation>进程</translation>
    </message>
</context>
<context>
    <name>DetailsPanel</name>
    <message>
        <source>No camera selected</source>
        <translation>未选择相机</translation>
    </message>
    <message>
        <source>Call number</source>
        <translation>调用号</translation>
    </message>
    <message>
        <source>Organisation</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Pole</source>
        <translation>杆号</translation>
    </message>
    <message>
        <source>Looks to</source>
        <translation>朝向</translation>
    </message>
    <message>
        <source>Select a tile, or a camera in the list.</source>
        <translation>请选择一个画面，或列表中的相机。</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>WGS-84</source>
        <translation>WGS-84</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>Point class</source>
        <translation>点位类别</translation>
    </message>
    <message>
        <source>Device address</source>
        <translation>设备地址</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Serial number</source>
        <translation>序列号</translation>
    </message>
    <message>
        <source>Firmware</source>
        <translation>固件</translation>
    </message>
    <message>
        <source>Streams</source>
        <translation>码流</translation>
    </message>
    <message>
        <source>Importance</source>
        <translation>重要性</translation>
    </message>
    <message>
        <source>◆ never degrade</source>
        <translation>◆ 从不降级</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Main</source>
        <translation>主</translation>
    </message>
    <message>
        <source>Sub</source>
        <translation>子</translation>
    </message>
    <message>
        <source>{role}: size not known yet</source>
        <translation>{role}：尺寸未知</translation>
    </message>
    <message>
        <source>Class I</source>
        <translation>一类点</translation>
    </message>
    <message>
        <source>Class II</source>
        <translation>二类点</translation>
    </message>
    <message>
        <source>Class III</source>
        <translation>三类点</translation>
    </message>
    <message>
        <source>Police internal</source>
        <translation>公安内部点位</translation>
    </message>
    <message>
        <source>libVLC, tried instead: {reason}</source>
        <translation>改用 libVLC 的结果：{reason}</translation>
    </message>
    <message>
        <source>last picture {time}</source>
        <translation>最后画面 {time}</translation>
    </message>
</context>
<context>
    <name>Device</name>
    <message>
        <source>No connection to the device. Check the address.</source>
        <translation>无法连接设备，请检查地址。</translation>
    </message>
    <message>
        <source>The device did not answer in time.</source>
        <translation>设备未及时应答。</translation>
    </message>
    <message>
        <source>User name or password refused.</source>
        <translation>用户名或密码被拒绝。</translation>
    </message>
    <message>
        <source>What answers there is not ONVIF. Check the port.</source>
        <translation>该地址的应答不是 ONVIF，请检查端口。</translation>
    </message>
    <message>
        <source>The device&apos;s answer does not follow ONVIF.</source>
        <translation>设备的应答不符合 ONVIF。</translation>
    </message>
    <message>
        <source>The device&apos;s answer is larger than 4 MB.</source>
        <translation>设备的应答超过 4 MB。</translation>
    </message>
    <message>
        <source>The device cannot do this.</source>
        <translation>设备不支持此操作。</translation>
    </message>
    <message>
        <source>The device refused: {reason}</source>
        <translation>设备拒绝：{reason}</translation>
    </message>
    <message>
        <source>The device&apos;s certificate is not trusted.</source>
        <translation>设备证书不受信任。</translation>
    </message>
    <message>
        <source>This is no address of a device.</source>
        <translation>这不是设备地址。</translation>
    </message>
</context>
<context>
    <name>EvidenceDesk</name>
    <message>
        <source>No snapshot</source>
        <translation>未能抓图</translation>
    </message>
    <message>
        <source>No clip</source>
        <translation>未能导出片段</translation>
    </message>
    <message>
        <source>“{name}” is to be exported without its masks.</source>
        <translation>“{name}”将不带隐私遮挡导出。</translation>
    </message>
    <message>
        <source>The evidence folder cannot be written: {reason}</source>
        <translation>证据文件夹无法写入：{reason}</translation>
    </message>
    <message>
        <source>Evidence {name} is written.</source>
        <translation>证据 {name} 已写入。</translation>
    </message>
    <message numerus="yes">
        <source>It has %n gap(s): see the manifest.</source>
        <translation>
            <numerusform>其中有 %n 处缺失，见清单。</numerusform>
        </translation>
    </message>
    <message>
        <source>No evidence package</source>
        <translation>未能生成证据包</translation>
    </message>
    <message>
        <source>{what} of “{name}”: {why}</source>
        <translation>“{name}”：{what}。{why}</translation>
    </message>
    <message>
        <source>it was broken off</source>
        <translation>已中止</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export clip</source>
        <translation>导出片段</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>案由</translation>
    </message>
    <message>
        <source>Without masks: a supervisor must confirm</source>
        <translation>不带遮挡：须由主管确认</translation>
    </message>
    <message>
        <source>Masks</source>
        <translation>遮挡</translation>
    </message>
    <message>
        <source>The picture is copied as the camera sent it, from the key frame before the beginning on. With masks a covered copy is made instead.</source>
        <translation>图像按相机发送的原样复制，从起点之前的关键帧开始。带遮挡时改为生成遮盖后的副本。</translation>
    </message>
    <message>
        <source>The picture is copied as the camera sent it, from the key frame before the beginning on. Gaps are listed.</source>
        <translation>图像按相机发送的原样复制，从起点之前的关键帧开始。缺失之处会列出。</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>ExportProgress</name>
    <message>
        <source>Writing the evidence package</source>
        <translation>正在写入证据包</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>FindPlace</name>
    <message>
        <source>Find by place</source>
        <translation>按地点查找</translation>
    </message>
    <message>
        <source>Street, landmark, pole number, organisation or camera</source>
        <translation>街道、地标、杆号、单位或相机</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Places found</source>
        <translation>找到的地点</translation>
    </message>
    <message>
        <source>Nearest cameras</source>
        <translation>最近的相机</translation>
    </message>
    <message>
        <source>↑ ↓ camera   ·   PgUp PgDn place   ·   Enter opens   ·   Shift+Enter opens the first {count}   ·   Esc closes</source>
        <translation>↑ ↓ 选相机   ·   PgUp PgDn 选地点   ·   Enter 打开   ·   Shift+Enter 打开前 {count} 个   ·   Esc 关闭</translation>
    </message>
    <message>
        <source>&lt;h3&gt;Nothing is called “{text}”&lt;/h3&gt;&lt;p&gt;Try fewer letters, the initials (zsj for 中山街), or the street next to it.&lt;br&gt;Streets and landmarks come from “watchroom import-landmarks”.&lt;/p&gt;</source>
        <translation>&lt;h3&gt;没有名为“{text}”的地点&lt;/h3&gt;&lt;p&gt;请少输几个字，或输入拼音首字母（如 zsj 查找中山街），或旁边的街道。&lt;br&gt;街道和地标用“watchroom import-landmarks”导入。&lt;/p&gt;</translation>
    </message>
    <message>
        <source>&lt;h3&gt;Where is it?&lt;/h3&gt;&lt;p&gt;Type a street, a junction, a landmark, a pole number, an organisation&lt;br&gt;or a camera: its name, initials, pinyin or English name.&lt;/p&gt;&lt;p&gt;The nearest cameras appear with their last picture.&lt;/p&gt;</source>
        <translation>&lt;h3&gt;在哪里？&lt;/h3&gt;&lt;p&gt;输入街道、路口、地标、杆号、单位或相机：&lt;br&gt;名称、拼音首字母、全拼或英文名均可。&lt;/p&gt;&lt;p&gt;将列出最近的相机及其最新画面。&lt;/p&gt;</translation>
    </message>
    <message>
        <source>Nearest to {name}</source>
        <translation>离“{name}”最近</translation>
    </message>
    <message>
        <source>No camera&apos;s coordinates are known. Edit the cameras or their sites.</source>
        <translation>没有相机登记了坐标。请编辑相机或其地点。</translation>
    </message>
    <message>
        <source>Cameras of {name}</source>
        <translation>“{name}”的相机</translation>
    </message>
    <message>
        <source>Its coordinates are not known, and it has no cameras.</source>
        <translation>坐标未登记，也没有所属相机。</translation>
    </message>
    <message>
        <source>An organisation is at no one place: its own cameras, by name.</source>
        <translation>单位没有唯一的位置：按名称列出其相机。</translation>
    </message>
    <message>
        <source>Its coordinates are not known: its own cameras, by name.</source>
        <translation>坐标未登记：按名称列出其所属相机。</translation>
    </message>
</context>
<context>
    <name>Forecaster</name>
    <message>
        <source>This view needs {percent} % of this computer.</source>
        <translation>此画面组合需要本机 {percent} % 的性能。</translation>
    </message>
    <message>
        <source>While it is short of power, tiles that are not selected skip pictures.</source>
        <translation>性能不足时，未选中的窗口将跳过部分画面。</translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s) will probably drop to the small stream:</source>
        <translation>
            <numerusform>预计 %n 路相机将改用子码流：</numerusform>
        </translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message numerus="yes">
        <source> and %n more</source>
        <translation>
            <numerusform> 等，另有 %n 路</numerusform>
        </translation>
    </message>
    <message>
        <source>Cost of this view</source>
        <translation>此画面组合的开销</translation>
    </message>
    <message>
        <source>List</source>
        <translation>列表</translation>
    </message>
</context>
<context>
    <name>Help</name>
    <message>
        <source>On no tile: its state is not known.</source>
        <translation>不在任何画面上，状态未知。</translation>
    </message>
    <message>
        <source>The camera is being asked.</source>
        <translation>正在连接相机。</translation>
    </message>
    <message>
        <source>New, changing pictures arrive.</source>
        <translation>不断收到变化的新画面。</translation>
    </message>
    <message>
        <source>No new picture: what you see is old.</source>
        <translation>没有新画面，所见为旧画面。</translation>
    </message>
    <message>
        <source>Live, but slower, smaller or damaged.</source>
        <translation>实时，但变慢、变小或有损坏。</translation>
    </message>
    <message>
        <source>User name or password is wrong. Not tried again by itself.</source>
        <translation>用户名或密码错误。不会自动重试。</translation>
    </message>
    <message>
        <source>No connection. Tried again by itself.</source>
        <translation>无法连接。会自动重试。</translation>
    </message>
    <message>
        <source>Reached, but its format cannot be shown.</source>
        <translation>已连接，但格式无法显示。</translation>
    </message>
    <message>
        <source>The camera sends black or repeats a picture.</source>
        <translation>相机发送黑屏，或重复同一画面。</translation>
    </message>
</context>
<context>
    <name>HelpDialog</name>
    <message>
        <source>Keys and symbols</source>
        <translation>按键与符号</translation>
    </message>
    <message>
        <source>Digits, Enter</source>
        <translation>数字 回车</translation>
    </message>
    <message>
        <source>Camera with this call number to the tile</source>
        <translation>将该调用号的相机放到所选画面</translation>
    </message>
    <message>
        <source>Digits . Enter</source>
        <translation>数字 . 回车</translation>
    </message>
    <message>
        <source>Select the tile with this number</source>
        <translation>选择该序号的画面</translation>
    </message>
    <message>
        <source>* digits, Enter</source>
        <translation>* 数字，回车</translation>
    </message>
    <message>
        <source>Preset with this number</source>
        <translation>调用此编号的预置位</translation>
    </message>
    <message>
        <source>Tab, Shift+Tab</source>
        <translation>Tab、Shift+Tab</translation>
    </message>
    <message>
        <source>Next, previous tile</source>
        <translation>下一个、上一个画面</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>Freeze the tile, and let go</source>
        <translation>冻结窗格，再按恢复</translation>
    </message>
    <message>
        <source>In a replay: , .</source>
        <translation>回放中：, .</translation>
    </message>
    <message>
        <source>One picture back, on</source>
        <translation>后退、前进一帧</translation>
    </message>
    <message>
        <source>In a replay: J L</source>
        <translation>回放中：J L</translation>
    </message>
    <message>
        <source>Slower, faster</source>
        <translation>减慢、加快</translation>
    </message>
    <message>
        <source>In a replay: [ ] E</source>
        <translation>回放中：[ ] E</translation>
    </message>
    <message>
        <source>Mark in, mark out, export</source>
        <translation>入点、出点、导出</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>滚轮</translation>
    </message>
    <message>
        <source>Zoom into the picture; drag moves it, Esc shows all</source>
        <translation>放大画面；拖动可移动，Esc 显示全部</translation>
    </message>
    <message>
        <source>Arrows</source>
        <translation>方向键</translation>
    </message>
    <message>
        <source>Turn the camera while held; without PTZ: select a tile</source>
        <translation>按住时转动云台；无云台时选择画面</translation>
    </message>
    <message>
        <source>Zoom while held</source>
        <translation>按住时变倍</translation>
    </message>
    <message>
        <source>Back from a maximised tile; empty the search</source>
        <translation>从最大化画面返回；清空搜索</translation>
    </message>
    <message>
        <source>Double click</source>
        <translation>双击</translation>
    </message>
    <message>
        <source>Maximise a tile and back</source>
        <translation>最大化画面，再次返回</translation>
    </message>
    <message>
        <source>Click</source>
        <translation>单击</translation>
    </message>
    <message>
        <source>PTZ by mouse, on the selected tile: that point to the middle</source>
        <translation>鼠标云台，在选中的窗格上：将该点移到中央</translation>
    </message>
    <message>
        <source>Press and drag</source>
        <translation>按住拖动</translation>
    </message>
    <message>
        <source>PTZ by mouse: turn the camera while held</source>
        <translation>鼠标云台：按住时转动相机</translation>
    </message>
    <message>
        <source>Shift+drag</source>
        <translation>Shift+拖动</translation>
    </message>
    <message>
        <source>PTZ by mouse: zoom the camera to a box; Esc cancels</source>
        <translation>鼠标云台：将相机放大到所画方框；Esc 取消</translation>
    </message>
    <message>
        <source>Drag</source>
        <translation>拖动</translation>
    </message>
    <message>
        <source>A camera or a site to a tile; a tile to another: swap</source>
        <translation>相机或地点拖到画面；画面拖到画面：互换</translation>
    </message>
    <message>
        <source>Keys and pointer</source>
        <translation>按键与鼠标</translation>
    </message>
    <message>
        <source>What a camera may be</source>
        <translation>相机的状态</translation>
    </message>
</context>
<context>
    <name>KeyMapDialog</name>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>Search an action or a key</source>
        <translation>搜索操作或按键</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>No keys</source>
        <translation>不设按键</translation>
    </message>
    <message>
        <source>All to default</source>
        <translation>全部恢复默认</translation>
    </message>
    <message>
        <source>New keys:</source>
        <translation>新按键：</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>{keys} is in use: {action}</source>
        <translation>{keys} 已被占用：{action}</translation>
    </message>
    <message>
        <source>{keys} belongs to the wall itself.</source>
        <translation>{keys} 由电视墙自身使用。</translation>
    </message>
</context>
<context>
    <name>LayoutDialog</name>
    <message>
        <source>New layout</source>
        <translation>新建布局</translation>
    </message>
    <message>
        <source>such as “Station, four gates”</source>
        <translation>例如“车站四个出入口”</translation>
    </message>
    <message>
        <source>Drag over cells to merge them; double-click a cell to split it.</source>
        <translation>拖过格子可合并；双击格子可拆分。</translation>
    </message>
    <message>
        <source>Split all</source>
        <translation>全部拆分</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Rows × columns</source>
        <translation>行 × 列</translation>
    </message>
</context>
<context>
    <name>LockDialog</name>
    <message>
        <source>Locked since {time}. The pictures run on.</source>
        <translation>自 {time} 起已锁定，画面继续播放。</translation>
    </message>
    <message>
        <source>PIN</source>
        <translation>PIN 码</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
    <message numerus="yes">
        <source>Wait %n second(s) before the next try.</source>
        <translation>
            <numerusform>请等待 %n 秒后再试。</numerusform>
        </translation>
    </message>
    <message>
        <source>This PIN is wrong.</source>
        <translation>PIN 码错误。</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>&amp;Add camera…</source>
        <translation>添加相机(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Edit camera…</source>
        <translation>编辑相机(&amp;E)…</translation>
    </message>
    <message>
        <source>&amp;Remove camera…</source>
        <translation>移除相机(&amp;R)…</translation>
    </message>
    <message>
        <source>&amp;Favourite</source>
        <translation>收藏(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Find camera</source>
        <translation>查找相机(&amp;F)</translation>
    </message>
    <message>
        <source>Find by &amp;place…</source>
        <translation>按地点查找(&amp;P)…</translation>
    </message>
    <message>
        <source>&amp;Maximise tile</source>
        <translation>放大窗格(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Clear tile</source>
        <translation>清空窗格(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Undo change of the wall</source>
        <translation>撤销电视墙更改(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Try to connect again</source>
        <translation>重新连接(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Sound of this tile</source>
        <translation>收听此画面(&amp;S)</translation>
    </message>
    <message>
        <source>Mut&amp;e</source>
        <translation>静音(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;PTZ by mouse</source>
        <translation>鼠标控制云台(&amp;P)</translation>
    </message>
    <message>
        <source>F&amp;ull screen</source>
        <translation>全屏(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Zoom in (digital)</source>
        <translation>数字放大(&amp;Z)</translation>
    </message>
    <message>
        <source>Zoom &amp;out (digital)</source>
        <translation>数字缩小(&amp;O)</translation>
    </message>
    <message>
        <source>Whole pictur&amp;e</source>
        <translation>完整画面(&amp;E)</translation>
    </message>
    <message>
        <source>Picture s&amp;hape: fit, fill, stretch</source>
        <translation>画面比例：适应、填充、拉伸(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Spot tile: follows the selection</source>
        <translation>焦点窗格：跟随选中(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Instant replay, or back to live</source>
        <translation>即时回放，或返回实时(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Snapshot…</source>
        <translation>抓图…(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Why are pictures taken…</source>
        <translation>调取事由…(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;End the case</source>
        <translation>结束本案(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Private areas…</source>
        <translation>隐私遮挡…(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Lock</source>
        <translation>锁定(&amp;L)</translation>
    </message>
    <message>
        <source>Se&amp;ttings…</source>
        <translation>设置…(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Change keys…</source>
        <translation>更改按键…(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Save view</source>
        <translation>保存视图(&amp;S)</translation>
    </message>
    <message>
        <source>Save view &amp;as…</source>
        <translation>视图另存为(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Rename view…</source>
        <translation>重命名视图(&amp;R)…</translation>
    </message>
    <message>
        <source>&amp;Delete view</source>
        <translation>删除视图(&amp;D)</translation>
    </message>
    <message>
        <source>Save view for &amp;everybody</source>
        <translation>为所有人保存视图(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;New layout…</source>
        <translation>新建布局(&amp;N)…</translation>
    </message>
    <message>
        <source>&amp;New wall window</source>
        <translation>新建电视墙窗口(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;New tour…</source>
        <translation>新建轮巡…(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Keys and help</source>
        <translation>按键与帮助(&amp;K)</translation>
    </message>
    <message>
        <source>Layout {name}</source>
        <translation>布局 {name}</translation>
    </message>
    <message>
        <source>&amp;Camera</source>
        <translation>相机(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Wall</source>
        <translation>电视墙(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Evidence</source>
        <translation>证据(&amp;E)</translation>
    </message>
    <message>
        <source>V&amp;iews</source>
        <translation>视图(&amp;I)</translation>
    </message>
    <message>
        <source>T&amp;ours</source>
        <translation>轮巡(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Move to screen</source>
        <translation>移到屏幕(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Window</source>
        <translation>窗口(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Layout</source>
        <translation>布局(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>PTZ</source>
        <translation>云台</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Layouts</source>
        <translation>布局</translation>
    </message>
    <message>
        <source>Watchroom</source>
        <translation>Watchroom 值守室</translation>
    </message>
    <message>
        <source>passwords: encrypted file</source>
        <translation>密码：加密文件</translation>
    </message>
    <message>
        <source>This system has no keyring. Camera passwords are kept in an encrypted file that only your account can read.</source>
        <translation>本系统没有密钥环。相机密码保存在只有您的账户可读的加密文件中。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>This site has no cameras.</source>
        <translation>该地点没有相机。</translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s) found no free tile.</source>
        <translation>
            <numerusform>有 %n 台相机没有空闲窗格。</numerusform>
        </translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Nothing of this camera is kept yet.</source>
        <translation>此相机尚无缓存。</translation>
    </message>
    <message>
        <source>Cameras  →  wall {number}</source>
        <translation>相机 → 电视墙 {number}</translation>
    </message>
    <message>
        <source>There are as many wall windows as can be.</source>
        <translation>电视墙窗口数已达上限。</translation>
    </message>
    <message>
        <source>Everybody&apos;s</source>
        <translation>公共</translation>
    </message>
    <message>
        <source>No tours yet</source>
        <translation>尚无轮巡</translation>
    </message>
    <message>
        <source>&amp;Change tour</source>
        <translation>更改轮巡(&amp;C)</translation>
    </message>
    <message>
        <source>Tour “{name}” deleted.</source>
        <translation>轮巡“{name}”已删除。</translation>
    </message>
    <message>
        <source>Tour “{name}” saved.</source>
        <translation>轮巡“{name}”已保存。</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>&amp;Open recording…</source>
        <translation>打开录像…(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Register of retrievals…</source>
        <translation>调取登记…(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Hardware decoding where it works</source>
        <translation>可用时使用硬件解码(&amp;H)</translation>
    </message>
    <message>
        <source>What this wall costs</source>
        <translation>电视墙开销</translation>
    </message>
    <message>
        <source>The last state of the walls cannot be read.</source>
        <translation>无法读取电视墙的上次状态。</translation>
    </message>
    <message>
        <source>Bring back the one before</source>
        <translation>恢复更早的状态</translation>
    </message>
    <message>
        <source>This layout has tiles 1 to {count}.</source>
        <translation>此布局的画面序号为 1 到 {count}。</translation>
    </message>
    <message>
        <source>Select a tile with a camera first.</source>
        <translation>请先选中有相机的窗格。</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Open recording</source>
        <translation>打开录像</translation>
    </message>
    <message>
        <source>Recordings (*.mp4 *.mkv *.avi *.mov *.ts);;All files (*)</source>
        <translation>录像 (*.mp4 *.mkv *.avi *.mov *.ts);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Case {number}: {purpose}</source>
        <translation>案由 {number}：{purpose}</translation>
    </message>
    <message>
        <source>fit: all of the picture</source>
        <translation>适应：显示完整画面</translation>
    </message>
    <message>
        <source>fill: the edges are cut</source>
        <translation>填充：裁去边缘</translation>
    </message>
    <message>
        <source>stretch: the shape is distorted</source>
        <translation>拉伸：画面变形</translation>
    </message>
    <message>
        <source>Picture shape: {name}</source>
        <translation>画面比例：{name}</translation>
    </message>
    <message>
        <source>Open the camera in a tile first: areas are drawn over its picture.</source>
        <translation>请先在窗格中打开该相机：遮挡区域画在其画面上。</translation>
    </message>
    <message>
        <source>Nobody here has a PIN, so nobody could unlock.</source>
        <translation>此处无人设有 PIN 码，锁定后无人能解锁。</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>This camera has no preset {number}.</source>
        <translation>此相机没有预置位 {number}。</translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s) have no tile in this layout.</source>
        <translation>
            <numerusform>此布局中有 %n 台相机没有窗格。</numerusform>
        </translation>
    </message>
    <message>
        <source>More than 16 tiles: studies find that much is missed on so many.</source>
        <translation>超过 16 个窗格：研究表明窗格过多时会遗漏很多情况。</translation>
    </message>
    <message>
        <source>Tile cleared.</source>
        <translation>窗格已清空。</translation>
    </message>
    <message>
        <source>F11 leaves full screen.</source>
        <translation>按 F11 退出全屏。</translation>
    </message>
    <message>
        <source>{live} of {all} live</source>
        <translation>{all} 路中 {live} 路实时</translation>
    </message>
    <message numerus="yes">
        <source>%n in trouble</source>
        <translation>
            <numerusform>%n 路异常</numerusform>
        </translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Open all cameras from the selected tile on</source>
        <translation>从所选窗格起打开全部相机</translation>
    </message>
    <message numerus="yes">
        <source>Open %n camera(s) from the selected tile on</source>
        <translation>
            <numerusform>从所选画面起打开 %n 路相机</numerusform>
        </translation>
    </message>
    <message>
        <source>Open in the selected tile</source>
        <translation>在所选窗格打开</translation>
    </message>
    <message>
        <source>Copy code</source>
        <translation>复制编码</translation>
    </message>
    <message>
        <source>Copy name</source>
        <translation>复制名称</translation>
    </message>
    <message>
        <source>Remove “{name}” from this workstation? It leaves the wall and all views.</source>
        <translation>从本工作站移除“{name}”？它将从电视墙和所有视图中消失。</translation>
    </message>
    <message>
        <source>Remove camera</source>
        <translation>移除相机</translation>
    </message>
    <message>
        <source>“{name}” was removed.</source>
        <translation>“{name}”已移除。</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Save view</source>
        <translation>保存视图</translation>
    </message>
    <message>
        <source>Name of this view:</source>
        <translation>视图名称：</translation>
    </message>
    <message>
        <source>View “{name}” saved.</source>
        <translation>视图“{name}”已保存。</translation>
    </message>
    <message>
        <source>Rename view</source>
        <translation>重命名视图</translation>
    </message>
    <message>
        <source>New name:</source>
        <translation>新名称：</translation>
    </message>
    <message>
        <source>View “{name}” deleted.</source>
        <translation>视图“{name}”已删除。</translation>
    </message>
    <message>
        <source>Delete the layout “{name}”? Views that use it keep it.</source>
        <translation>删除布局“{name}”？使用它的视图不受影响。</translation>
    </message>
    <message>
        <source>Delete layout</source>
        <translation>删除布局</translation>
    </message>
</context>
<context>
    <name>MaskDialog</name>
    <message>
        <source>Private areas of “{name}”</source>
        <translation>“{name}”的隐私遮挡</translation>
    </message>
    <message>
        <source>Click the corners of an area; click the first corner again, or double-click, to close it. Drag a corner to move it, Delete removes the selected area.</source>
        <translation>依次单击区域的各角；再次单击第一个角或双击即可闭合。拖动角点可移动，Delete 删除选中的区域。</translation>
    </message>
    <message>
        <source>Areas are covered on this wall, in snapshots and in exports. On a PTZ camera they do not follow the movement.</source>
        <translation>区域在电视墙、抓图和导出中都会被遮盖。云台相机转动时遮挡不会跟随。</translation>
    </message>
    <message>
        <source>Remove area</source>
        <translation>删除区域</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
</context>
<context>
    <name>NumberEntry</name>
    <message>
        <source>Tile {number}  –  Enter selects it</source>
        <translation>画面 {number}  –  按回车选择</translation>
    </message>
    <message>
        <source>{number}  –  no camera has this number</source>
        <translation>{number}  –  没有此调用号的相机</translation>
    </message>
    <message>
        <source>{number}  {name}  –  Enter opens it</source>
        <translation>{number}  {name}  –  按回车打开</translation>
    </message>
    <message>
        <source>Preset …</source>
        <translation>预置位 …</translation>
    </message>
    <message>
        <source>Preset {number}  –  the selected camera has none of this number</source>
        <translation>预置位 {number}  –  所选相机没有此编号</translation>
    </message>
    <message>
        <source>Preset {number}  {name}  –  Enter goes there</source>
        <translation>预置位 {number}  {name}  –  按回车调用</translation>
    </message>
</context>
<context>
    <name>Place</name>
    <message>
        <source>N</source>
        <translation>北</translation>
    </message>
    <message>
        <source>NE</source>
        <translation>东北</translation>
    </message>
    <message>
        <source>E</source>
        <translation>东</translation>
    </message>
    <message>
        <source>SE</source>
        <translation>东南</translation>
    </message>
    <message>
        <source>S</source>
        <translation>南</translation>
    </message>
    <message>
        <source>SW</source>
        <translation>西南</translation>
    </message>
    <message>
        <source>W</source>
        <translation>西</translation>
    </message>
    <message>
        <source>NW</source>
        <translation>西北</translation>
    </message>
    <message>
        <source>street</source>
        <translation>街道</translation>
    </message>
    <message>
        <source>landmark</source>
        <translation>地标</translation>
    </message>
    <message>
        <source>junction</source>
        <translation>路口</translation>
    </message>
    <message>
        <source>column</source>
        <translation>灯杆</translation>
    </message>
    <message>
        <source>place</source>
        <translation>其他地点</translation>
    </message>
    <message>
        <source>site</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>pole</source>
        <translation>杆位</translation>
    </message>
    <message>
        <source>organisation</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>{n} s ago</source>
        <translation>{n} 秒前</translation>
    </message>
    <message>
        <source>{n} min ago</source>
        <translation>{n} 分钟前</translation>
    </message>
    <message>
        <source>{n} h ago</source>
        <translation>{n} 小时前</translation>
    </message>
    <message>
        <source>{n} days ago</source>
        <translation>{n} 天前</translation>
    </message>
    <message>
        <source>looks this way</source>
        <translation>朝向此处</translation>
    </message>
    <message>
        <source>asking the camera…</source>
        <translation>正在取图…</translation>
    </message>
    <message>
        <source>no picture</source>
        <translation>无画面</translation>
    </message>
    <message>
        <source>no picture yet</source>
        <translation>暂无画面</translation>
    </message>
</context>
<context>
    <name>Player</name>
    <message>
        <source>The file is not there, or it is no file.</source>
        <translation>文件不存在，或者不是文件。</translation>
    </message>
    <message>
        <source>This user may not read the file.</source>
        <translation>当前用户无权读取此文件。</translation>
    </message>
    <message>
        <source>This is no video, or its beginning is damaged.</source>
        <translation>这不是视频文件，或者文件开头已损坏。</translation>
    </message>
    <message>
        <source>The file has no video in it.</source>
        <translation>文件中没有视频。</translation>
    </message>
    <message>
        <source>The file is damaged: no picture can be decoded.</source>
        <translation>文件已损坏：无法解码任何画面。</translation>
    </message>
    <message>
        <source>There is no video and no picture in this folder.</source>
        <translation>此文件夹中没有视频，也没有图片。</translation>
    </message>
</context>
<context>
    <name>PlayerWindow</name>
    <message>
        <source>One picture back</source>
        <translation>后退一帧</translation>
    </message>
    <message>
        <source>One picture on</source>
        <translation>前进一帧</translation>
    </message>
    <message>
        <source>10 s back</source>
        <translation>后退 10 秒</translation>
    </message>
    <message>
        <source>10 s on</source>
        <translation>前进 10 秒</translation>
    </message>
    <message>
        <source>To the beginning</source>
        <translation>跳到开头</translation>
    </message>
    <message>
        <source>To the end</source>
        <translation>跳到末尾</translation>
    </message>
    <message>
        <source>Slower</source>
        <translation>减速</translation>
    </message>
    <message>
        <source>Faster</source>
        <translation>加速</translation>
    </message>
    <message>
        <source>Repeat</source>
        <translation>循环播放</translation>
    </message>
    <message>
        <source>Louder</source>
        <translation>调高音量</translation>
    </message>
    <message>
        <source>Quieter</source>
        <translation>调低音量</translation>
    </message>
    <message>
        <source>Previous file</source>
        <translation>上一个文件</translation>
    </message>
    <message>
        <source>Next file</source>
        <translation>下一个文件</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Leave full screen</source>
        <translation>退出全屏</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Files of the package</source>
        <translation>证据包内的文件</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>播放位置</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>播放速度</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>音量</translation>
    </message>
    <message>
        <source>Speed  [ slower, ] faster. Sound at {speeds}.</source>
        <translation>播放速度  [ 减速，] 加速。{speeds} 时有声音。</translation>
    </message>
    <message>
        <source>Volume  (Up, Down)</source>
        <translation>音量（上、下方向键）</translation>
    </message>
    <message>
        <source>Opening …</source>
        <translation>正在打开…</translation>
    </message>
    <message>
        <source>The package could not be checked.</source>
        <translation>无法校验此证据包。</translation>
    </message>
    <message>
        <source>Checking the package …</source>
        <translation>正在校验证据包…</translation>
    </message>
    <message>
        <source>A single file: nothing to check it against.</source>
        <translation>单个文件，没有可供校验的依据。</translation>
    </message>
    <message>
        <source>Not checked.</source>
        <translation>未校验。</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Video</source>
        <translation>视频</translation>
    </message>
    <message numerus="yes">
        <source>%n gap(s)</source>
        <translation>
            <numerusform>%n 处中断</numerusform>
        </translation>
    </message>
    <message>
        <source>Gap from {start}, {seconds} s</source>
        <translation>自 {start} 起中断 {seconds} 秒</translation>
    </message>
    <message>
        <source>Halt</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>Sound on</source>
        <translation>打开声音</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>静音</translation>
    </message>
    <message>
        <source>Keep this picture</source>
        <translation>保存此画面</translation>
    </message>
    <message>
        <source>Pictures are kept from the client, which records the purpose.</source>
        <translation>请在客户端中保存画面：客户端会登记用途。</translation>
    </message>
    <message>
        <source>This file has no sound.</source>
        <translation>此文件没有声音。</translation>
    </message>
    <message>
        <source>libVLC is missing on this computer: pictures play without sound.</source>
        <translation>本机没有 libVLC：只播放画面，没有声音。</translation>
    </message>
    <message>
        <source>libVLC cannot play this file: no sound.</source>
        <translation>libVLC 无法播放此文件：没有声音。</translation>
    </message>
    <message>
        <source>UTC {time}, by the clock of: {clock}</source>
        <translation>UTC {time}，时钟来源：{clock}</translation>
    </message>
</context>
<context>
    <name>PtzPanel</name>
    <message>
        <source>Zoom</source>
        <translation>变倍</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>预置位</translation>
    </message>
    <message>
        <source>Stop now, whatever the camera does</source>
        <translation>无论相机在做什么，立即停止</translation>
    </message>
    <message>
        <source>Emergency stop</source>
        <translation>紧急停止</translation>
    </message>
    <message>
        <source>Up left</source>
        <translation>左上</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>上</translation>
    </message>
    <message>
        <source>Up right</source>
        <translation>右上</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>左</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>右</translation>
    </message>
    <message>
        <source>Down left</source>
        <translation>左下</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>下</translation>
    </message>
    <message>
        <source>Down right</source>
        <translation>右下</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>拉近</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>拉远</translation>
    </message>
    <message>
        <source>{name}{key}: held, the camera moves</source>
        <translation>{name}{key}：按住时相机转动</translation>
    </message>
    <message>
        <source>Go to preset</source>
        <translation>调用预置位</translation>
    </message>
    <message>
        <source>New preset…</source>
        <translation>新建预置位…</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Go home</source>
        <translation>回看守位</translation>
    </message>
    <message>
        <source>Set home…</source>
        <translation>设看守位…</translation>
    </message>
    <message>
        <source>No camera selected</source>
        <translation>未选择相机</translation>
    </message>
    <message>
        <source>Select a tile with a PTZ camera.</source>
        <translation>请选择带云台相机的窗格。</translation>
    </message>
    <message>
        <source>This camera does not turn.</source>
        <translation>此相机没有云台。</translation>
    </message>
    <message>
        <source>this camera does not tell how much it sees and is aimed roughly: click again.</source>
        <translation>此相机不告知视场大小，只能粗略对准：请再次单击。</translation>
    </message>
    <message>
        <source>standing</source>
        <translation>静止</translation>
    </message>
    <message>
        <source>moving</source>
        <translation>转动中</translation>
    </message>
    <message>
        <source>stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>stopped; this camera does not tell whether it stands</source>
        <translation>已停止；此相机不报告是否静止</translation>
    </message>
    <message>
        <source>STILL MOVING after the stop! Press ■ again.</source>
        <translation>停止后仍在转动！请再按 ■。</translation>
    </message>
    <message>
        <source>no answer from the camera: {reason}</source>
        <translation>相机无应答：{reason}</translation>
    </message>
    <message>
        <source>None yet: aim the camera, then “New preset…”.</source>
        <translation>尚无：先对准画面，再点“新建预置位…”。</translation>
    </message>
    <message>
        <source>New preset</source>
        <translation>新建预置位</translation>
    </message>
    <message>
        <source>Name of the present position:</source>
        <translation>当前位置的名称：</translation>
    </message>
    <message>
        <source>New name. The camera goes to this preset first, because ONVIF can only
store a name together with a position:</source>
        <translation>新名称。相机会先转到此预置位，因为 ONVIF 只能
把名称和位置一起保存：</translation>
    </message>
    <message>
        <source>Rename preset</source>
        <translation>重命名预置位</translation>
    </message>
    <message>
        <source>Delete the preset “{name}” from the camera? This cannot be undone.</source>
        <translation>从相机中删除预置位“{name}”？此操作无法撤销。</translation>
    </message>
    <message>
        <source>Delete preset</source>
        <translation>删除预置位</translation>
    </message>
    <message>
        <source>Make the present position the home position of this camera?</source>
        <translation>把当前位置设为此相机的看守位？</translation>
    </message>
    <message>
        <source>Set home</source>
        <translation>设看守位</translation>
    </message>
</context>
<context>
    <name>RegisterDialog</name>
    <message>
        <source>Register of retrievals: {console}</source>
        <translation>调取登记：{console}</translation>
    </message>
    <message>
        <source>Search camera, person, case or date</source>
        <translation>搜索相机、人员、案由或日期</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>Pictures of</source>
        <translation>图像时间</translation>
    </message>
    <message>
        <source>Case and purpose</source>
        <translation>案由与用途</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>Save as table…</source>
        <translation>另存为表格…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>The chain is broken at No. {number}: an entry was changed, moved or removed there.</source>
        <translation>校验链在编号 {number} 处中断：该处有条目被更改、移动或删除。</translation>
    </message>
    <message numerus="yes">
        <source>%n entry(ies), gap-free, and the chain of hashes holds.</source>
        <translation>
            <numerusform>共 %n 条，编号连续，哈希链完整。</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was taken on this console yet: S takes a snapshot, R and E a clip.</source>
        <translation>本席位尚无调取记录：按 S 抓图，按 R 再按 E 导出片段。</translation>
    </message>
    <message>
        <source>snapshot</source>
        <translation>抓图</translation>
    </message>
    <message>
        <source>clip</source>
        <translation>片段</translation>
    </message>
    <message>
        <source>playback</source>
        <translation>回放</translation>
    </message>
    <message>
        <source>result of {number}</source>
        <translation>编号 {number} 的结果</translation>
    </message>
    <message>
        <source>unmasked</source>
        <translation>无遮挡</translation>
    </message>
    <message>
        <source>complete</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Save as table</source>
        <translation>另存为表格</translation>
    </message>
    <message>
        <source>Saved: {name}</source>
        <translation>已保存：{name}</translation>
    </message>
</context>
<context>
    <name>ReplayBar</name>
    <message>
        <source>5 seconds back  (Left)</source>
        <translation>后退 5 秒 （←）</translation>
    </message>
    <message>
        <source>One picture back  (,)</source>
        <translation>后退一帧 （,）</translation>
    </message>
    <message>
        <source>Pause or play  (Space)</source>
        <translation>暂停或播放 （空格）</translation>
    </message>
    <message>
        <source>One picture on  (.)</source>
        <translation>前进一帧 （.）</translation>
    </message>
    <message>
        <source>Speed: click for faster  (J slower, L faster)</source>
        <translation>速度：单击加快 （J 减慢，L 加快）</translation>
    </message>
    <message>
        <source>Mark in: the clip begins here  ([)</source>
        <translation>入点：片段从此开始 （[）</translation>
    </message>
    <message>
        <source>Mark out: the clip ends here  (])</source>
        <translation>出点：片段到此结束 （]）</translation>
    </message>
    <message>
        <source>Snapshot of this picture  (S)</source>
        <translation>抓取此画面 （S）</translation>
    </message>
    <message>
        <source>Export the clip…  (E)</source>
        <translation>导出片段… （E）</translation>
    </message>
    <message>
        <source>Back to live  (R or Esc)</source>
        <translation>返回实时 （R 或 Esc）</translation>
    </message>
    <message>
        <source>● Live</source>
        <translation>● 实时</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
</context>
<context>
    <name>SecondPersonDialog</name>
    <message>
        <source>Second person</source>
        <translation>第二人确认</translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation>确认</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Supervisor</source>
        <translation>主管</translation>
    </message>
    <message>
        <source>PIN</source>
        <translation>PIN 码</translation>
    </message>
    <message>
        <source>No other supervisor with a PIN is known here. Add one in Settings.</source>
        <translation>此处没有其他设有 PIN 码的主管。请在设置中添加。</translation>
    </message>
    <message numerus="yes">
        <source>Wait %n second(s) before the next try.</source>
        <translation>
            <numerusform>请等待 %n 秒后再试。</numerusform>
        </translation>
    </message>
    <message>
        <source>This PIN is wrong.</source>
        <translation>PIN 码错误。</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Operator, console and time over the pictures</source>
        <translation>在画面上显示操作员、席位和时间</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source> min without input</source>
        <translation> 分钟无操作</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>PIN, at least 4 characters</source>
        <translation>PIN 码，至少 4 位</translation>
    </message>
    <message>
        <source>Supervisor</source>
        <translation>主管</translation>
    </message>
    <message>
        <source>Add or change</source>
        <translation>添加或更改</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>The lock needs at least one person with a PIN. Supervisors may confirm what needs a second person.</source>
        <translation>锁定功能至少需要一名设有 PIN 码的人员。主管可确认须由第二人确认的事项。</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Operator</source>
        <translation>操作员</translation>
    </message>
    <message>
        <source>Console</source>
        <translation>席位</translation>
    </message>
    <message>
        <source>Watermark</source>
        <translation>水印</translation>
    </message>
    <message>
        <source>Lock after</source>
        <translation>自动锁定</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>supervisor</source>
        <translation>主管</translation>
    </message>
    <message>
        <source>no PIN</source>
        <translation>无 PIN 码</translation>
    </message>
    <message>
        <source>A name is needed.</source>
        <translation>必须填写姓名。</translation>
    </message>
    <message>
        <source>A PIN has at least 4 characters.</source>
        <translation>PIN 码至少 4 位。</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Name, pinyin, number, code, IP  (Ctrl+F)</source>
        <translation>名称、拼音、调用号、编码、IP（Ctrl+F）</translation>
    </message>
    <message>
        <source>Search cameras</source>
        <translation>搜索相机</translation>
    </message>
    <message>
        <source>Sites</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Favourites</source>
        <translation>收藏</translation>
    </message>
    <message>
        <source>Cameras by site</source>
        <translation>按地点的相机</translation>
    </message>
    <message>
        <source>Cameras</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>No cameras yet. Add one with Ctrl+N.</source>
        <translation>还没有相机。按 Ctrl+N 添加。</translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s)</source>
        <translation>
            <numerusform>%n 台相机</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing matches “{text}”. Try fewer letters.</source>
        <translation>没有与“{text}”匹配的相机。请少输几个字。</translation>
    </message>
    <message>
        <source>No favourites yet. Right-click a camera, then “Favourite”.</source>
        <translation>还没有收藏。右键点相机，选“收藏”。</translation>
    </message>
</context>
<context>
    <name>SkippedList</name>
    <message>
        <source>Try all again</source>
        <translation>全部重试</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>起始时间</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>次数</translation>
    </message>
</context>
<context>
    <name>Sound</name>
    <message>
        <source>This camera sends no sound.</source>
        <translation>此相机不发送声音。</translation>
    </message>
    <message>
        <source>This camera&apos;s sound cannot be decoded here.</source>
        <translation>此处无法解码该相机的声音。</translation>
    </message>
    <message>
        <source>This camera is shown through libVLC: its sound cannot be played.</source>
        <translation>该相机通过 libVLC 显示，无法播放其声音。</translation>
    </message>
    <message>
        <source>The camera did not give its sound. The picture goes on without it.</source>
        <translation>相机未提供声音。画面继续，但没有声音。</translation>
    </message>
    <message>
        <source>This computer has no sound output. Only the level is shown.</source>
        <translation>本机没有声音输出设备，仅显示音量电平。</translation>
    </message>
    <message>
        <source>The sound library miniaudio is not installed. Only the level is shown.</source>
        <translation>未安装声音库 miniaudio，仅显示音量电平。</translation>
    </message>
</context>
<context>
    <name>SoundControl</name>
    <message>
        <source>Unmute</source>
        <translation>取消静音</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>静音</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>音量</translation>
    </message>
    <message>
        <source>Volume {percent} %</source>
        <translation>音量 {percent}%</translation>
    </message>
    <message>
        <source>Level of what is heard</source>
        <translation>当前声音的电平</translation>
    </message>
</context>
<context>
    <name>Store</name>
    <message>
        <source>This took too long and was given up.</source>
        <translation>操作超时，已放弃。</translation>
    </message>
    <message>
        <source>A name is needed.</source>
        <translation>请填写名称。</translation>
    </message>
    <message>
        <source>The name is too long (100 characters).</source>
        <translation>名称过长（最多 100 个字符）。</translation>
    </message>
    <message>
        <source>This name is in use already.</source>
        <translation>此名称已被使用。</translation>
    </message>
    <message>
        <source>Stored data could not be read or changed. {reason}</source>
        <translation>本机数据无法读取或更改。{reason}</translation>
    </message>
</context>
<context>
    <name>Stream</name>
    <message>
        <source>not open</source>
        <translation>未打开</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>连接中</translation>
    </message>
    <message>
        <source>live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>stalled</source>
        <translation>画面停滞</translation>
    </message>
    <message>
        <source>degraded</source>
        <translation>质量下降</translation>
    </message>
    <message>
        <source>access refused</source>
        <translation>拒绝访问</translation>
    </message>
    <message>
        <source>unreachable</source>
        <translation>无法连接</translation>
    </message>
    <message>
        <source>cannot be shown</source>
        <translation>无法显示</translation>
    </message>
    <message>
        <source>no signal</source>
        <translation>无信号</translation>
    </message>
    <message>
        <source>PC busy: small stream</source>
        <translation>本机忙：子码流</translation>
    </message>
    <message>
        <source>PC busy: fewer pictures</source>
        <translation>本机忙：减帧</translation>
    </message>
    <message>
        <source>PC busy: key frames</source>
        <translation>本机忙：仅关键帧</translation>
    </message>
    <message>
        <source>small stream</source>
        <translation>子码流</translation>
    </message>
    <message>
        <source>fewer pictures</source>
        <translation>减帧</translation>
    </message>
    <message>
        <source>key frames</source>
        <translation>仅关键帧</translation>
    </message>
    <message>
        <source>network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>camera</source>
        <translation>相机</translation>
    </message>
    <message>
        <source>this computer</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>The libVLC of this computer has no {module} module.</source>
        <translation>本机的 libVLC 缺少 {module} 模块。</translation>
    </message>
    <message>
        <source>User name or password refused. Edit the camera.</source>
        <translation>用户名或密码被拒绝，请编辑相机。</translation>
    </message>
    <message>
        <source>This account may not watch this stream.</source>
        <translation>此账户无权观看该码流。</translation>
    </message>
    <message>
        <source>The camera does not know this stream. Check its address.</source>
        <translation>相机没有此码流，请检查地址。</translation>
    </message>
    <message>
        <source>The camera refused: too many connections?</source>
        <translation>相机拒绝：连接数过多？</translation>
    </message>
    <message>
        <source>The camera reports an error of its own.</source>
        <translation>相机报告自身故障。</translation>
    </message>
    <message>
        <source>Nothing answers at this address and port.</source>
        <translation>该地址和端口无应答。</translation>
    </message>
    <message>
        <source>The network has no way to this address.</source>
        <translation>网络无法到达该地址。</translation>
    </message>
    <message>
        <source>The host name is not known.</source>
        <translation>主机名无法解析。</translation>
    </message>
    <message>
        <source>The camera&apos;s certificate is not trusted. Edit the camera to accept it.</source>
        <translation>相机的证书不受信任。请编辑相机以接受它。</translation>
    </message>
    <message>
        <source>No answer in time.</source>
        <translation>未及时应答。</translation>
    </message>
    <message>
        <source>The connection was cut.</source>
        <translation>连接被中断。</translation>
    </message>
    <message>
        <source>The camera gave no sensible answer.</source>
        <translation>相机的应答无法理解。</translation>
    </message>
    <message>
        <source>The camera ended the stream.</source>
        <translation>相机结束了码流。</translation>
    </message>
    <message>
        <source>The stream cannot be decoded here.</source>
        <translation>本机无法解码该码流。</translation>
    </message>
    <message>
        <source>There is no video at this address.</source>
        <translation>该地址没有视频。</translation>
    </message>
    <message>
        <source>The address cannot be opened. Edit the camera.</source>
        <translation>无法打开该地址，请编辑相机。</translation>
    </message>
    <message>
        <source>Connected; waiting for the camera&apos;s next whole picture.</source>
        <translation>已连接；正在等待相机的下一个完整画面。</translation>
    </message>
    <message>
        <source>A decoder process ended and is being replaced.</source>
        <translation>一个解码进程已结束，正在替换。</translation>
    </message>
    <message>
        <source>libVLC is not installed on this computer.</source>
        <translation>本机未安装 libVLC。</translation>
    </message>
    <message>
        <source>Connected, but no new picture arrives.</source>
        <translation>已连接，但没有新画面到达。</translation>
    </message>
    <message>
        <source>The camera sends a black picture.</source>
        <translation>相机发送的是黑画面。</translation>
    </message>
    <message>
        <source>The camera repeats the same picture.</source>
        <translation>相机在重复同一画面。</translation>
    </message>
    <message>
        <source>This computer is too slow for all pictures.</source>
        <translation>本机性能不足，无法显示全部画面。</translation>
    </message>
    <message>
        <source>Pictures arrive damaged.</source>
        <translation>到达的画面有损坏。</translation>
    </message>
    <message>
        <source>Fewer pictures arrive than before.</source>
        <translation>到达的画面比之前少。</translation>
    </message>
    <message>
        <source>The decoding device failed: streams go on, decoded by the processor.</source>
        <translation>硬件解码设备出错：视频已改由处理器解码，继续播放。</translation>
    </message>
    <message>
        <source>A decoder process died of the decoding device: hardware decoding is off now.</source>
        <translation>解码进程因硬件解码设备崩溃：硬件解码现已关闭。</translation>
    </message>
    <message>
        <source>This computer is short of power: the small stream is shown.</source>
        <translation>本机性能不足：改用子码流显示。</translation>
    </message>
    <message>
        <source>This computer is short of power: some pictures are left out.</source>
        <translation>本机性能不足：跳过部分画面。</translation>
    </message>
    <message>
        <source>This computer is short of power: only key frames are shown.</source>
        <translation>本机性能不足：仅显示关键帧。</translation>
    </message>
</context>
<context>
    <name>Sync</name>
    <message>
        <source>Organisation</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>片区</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>点位</translation>
    </message>
    <message>
        <source>Landmark</source>
        <translation>地标</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>摄像机</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Tour</source>
        <translation>轮巡</translation>
    </message>
    <message>
        <source>Layout</source>
        <translation>布局</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>English name</source>
        <translation>英文名</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>GB/T 28181 code</source>
        <translation>GB/T 28181 编码</translation>
    </message>
    <message>
        <source>Call number</source>
        <translation>呼叫号</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Content</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Private areas</source>
        <translation>隐私区域</translation>
    </message>
    <message>
        <source>Streams</source>
        <translation>码流</translation>
    </message>
    <message>
        <source>Transport</source>
        <translation>传输方式</translation>
    </message>
    <message>
        <source>PTZ</source>
        <translation>云台</translation>
    </message>
    <message>
        <source>Latitude</source>
        <translation>纬度</translation>
    </message>
    <message>
        <source>Longitude</source>
        <translation>经度</translation>
    </message>
    <message>
        <source>Bearing</source>
        <translation>朝向</translation>
    </message>
    <message>
        <source>Pole number</source>
        <translation>杆号</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>用户名</translation>
    </message>
    <message>
        <source>ONVIF address</source>
        <translation>ONVIF 地址</translation>
    </message>
    <message>
        <source>Manufacturer</source>
        <translation>厂商</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>型号</translation>
    </message>
    <message>
        <source>Serial number</source>
        <translation>序列号</translation>
    </message>
    <message>
        <source>Firmware</source>
        <translation>固件</translation>
    </message>
    <message>
        <source>Somebody else changed this too. Theirs is in use.</source>
        <translation>他人也修改了此项，目前采用的是对方的值。</translation>
    </message>
    <message>
        <source>Somebody else removed it meanwhile.</source>
        <translation>他人已将其删除。</translation>
    </message>
    <message>
        <source>Somebody else changed it meanwhile: it was not removed.</source>
        <translation>他人已对其修改，因此没有删除。</translation>
    </message>
    <message>
        <source>You may not change this. It was not taken.</source>
        <translation>您无权修改此项，未被采用。</translation>
    </message>
    <message>
        <source>It is not on the server, or not yours to see.</source>
        <translation>服务器上没有此项，或您无权查看。</translation>
    </message>
    <message>
        <source>The server does not know this yet.</source>
        <translation>服务器尚不支持此项。</translation>
    </message>
    <message>
        <source>The server could not take these values.</source>
        <translation>服务器无法接受这些值。</translation>
    </message>
    <message>
        <source>What it belongs to is not on the server.</source>
        <translation>其所属对象不在服务器上。</translation>
    </message>
    <message>
        <source>Entries of this kind are never changed.</source>
        <translation>此类记录不可修改。</translation>
    </message>
    <message>
        <source>(empty)</source>
        <translation>（空）</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>已删除</translation>
    </message>
    <message>
        <source>first load {done} of {total}</source>
        <translation>首次加载 {done} / {total}</translation>
    </message>
    <message>
        <source>first load paused, {done} of {total}</source>
        <translation>首次加载已暂停，{done} / {total}</translation>
    </message>
    <message>
        <source>first load begins</source>
        <translation>首次加载开始</translation>
    </message>
    <message>
        <source>first load paused</source>
        <translation>首次加载已暂停</translation>
    </message>
    <message>
        <source>connecting to the server</source>
        <translation>正在连接服务器</translation>
    </message>
    <message>
        <source>not synchronised</source>
        <translation>未同步</translation>
    </message>
    <message>
        <source>offline since {time}</source>
        <translation>{time} 起离线</translation>
    </message>
    <message>
        <source>offline</source>
        <translation>离线</translation>
    </message>
    <message>
        <source>in step</source>
        <translation>已同步</translation>
    </message>
    <message>
        <source>see here</source>
        <translation>点此查看</translation>
    </message>
    <message>
        <source>The server is newer than this console. Update the console; what you enter is kept and sent afterwards.</source>
        <translation>服务器版本比本工作站新。请更新本工作站；您录入的内容会保留，更新后发送。</translation>
    </message>
    <message>
        <source>The server is older than this console. It must be updated; what you enter is kept and sent afterwards.</source>
        <translation>服务器版本比本工作站旧，须更新服务器；您录入的内容会保留，更新后发送。</translation>
    </message>
    <message>
        <source>This is not the server that this console worked with, or it lost its database. Nothing is sent or removed until you say so.</source>
        <translation>这不是本工作站原来使用的服务器，或其数据库已丢失。在您确认之前，不发送也不删除任何内容。</translation>
    </message>
    <message>
        <source>The server was restored from a backup. This console has sent again what the server had lost.</source>
        <translation>服务器已从备份恢复。本工作站已重新发送服务器丢失的内容。</translation>
    </message>
    <message>
        <source>Another console used this console&apos;s identity: one disk is a copy of the other. This one has taken an identity of its own; nothing was lost.</source>
        <translation>另一台工作站使用了本机的标识：其中一台的磁盘是另一台的副本。本机已启用新的标识，内容没有丢失。</translation>
    </message>
    <message>
        <source>The server&apos;s disk is full. What you enter is kept here and sent later.</source>
        <translation>服务器磁盘已满。您录入的内容保留在本机，稍后发送。</translation>
    </message>
    <message>
        <source>This computer&apos;s disk is full or cannot be written. Make room: what others change does not arrive, and nothing can be saved.</source>
        <translation>本机磁盘已满或无法写入。请清理空间：他人的修改无法到达，也无法保存任何内容。</translation>
    </message>
    <message>
        <source>The server wants a new sign-in. What you enter is kept.</source>
        <translation>服务器要求重新登录。您录入的内容会保留。</translation>
    </message>
    <message>
        <source>Synchronisation failed and is being tried again.</source>
        <translation>同步失败，正在重试。</translation>
    </message>
    <message>
        <source>This computer&apos;s clock differs from the server&apos;s by {seconds} s. Set it; times of entries are wrong.</source>
        <translation>本机时钟与服务器相差 {seconds} 秒。请校准；录入时间不正确。</translation>
    </message>
    <message>
        <source>The server refused: {reason}</source>
        <translation>服务器拒绝：{reason}</translation>
    </message>
</context>
<context>
    <name>SyncLabel</name>
    <message>
        <source>Synchronisation with the server</source>
        <translation>与服务器同步</translation>
    </message>
    <message>
        <source>Decide…</source>
        <translation>决定…</translation>
    </message>
    <message>
        <source>Pause the first load</source>
        <translation>暂停首次加载</translation>
    </message>
    <message>
        <source>Go on with the first load</source>
        <translation>继续首次加载</translation>
    </message>
    <message>
        <source>Work with this server from now on</source>
        <translation>今后使用此服务器</translation>
    </message>
    <message>
        <source>Synchronise now</source>
        <translation>立即同步</translation>
    </message>
    <message>
        <source>I have read this</source>
        <translation>已阅</translation>
    </message>
    <message>
        <source>Server last heard at {time}</source>
        <translation>服务器最近应答 {time}</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) waiting</source>
        <translation>
            <numerusform>%n 个文件待发送</numerusform>
        </translation>
    </message>
    <message>
        <source>clock off by {seconds} s</source>
        <translation>时钟相差 {seconds} 秒</translation>
    </message>
</context>
<context>
    <name>Tile</name>
    <message>
        <source>REPLAY  {time}  ({age} ago)</source>
        <translation>回放  {time}  （{age}前）</translation>
    </message>
    <message>
        <source>last picture {time}</source>
        <translation>最后画面 {time}</translation>
    </message>
    <message>
        <source>since {time}</source>
        <translation>自 {time} 起</translation>
    </message>
    <message>
        <source>trying again in {seconds} s  ·  F5 now</source>
        <translation>{seconds} 秒后重试  ·  F5 立即重试</translation>
    </message>
    <message>
        <source>not tried again by itself  ·  F5 tries once</source>
        <translation>不会自动重试  ·  F5 重试一次</translation>
    </message>
    <message>
        <source>main stream</source>
        <translation>主码流</translation>
    </message>
    <message>
        <source>substream</source>
        <translation>子码流</translation>
    </message>
    <message>
        <source>the camera tells no time  ·  received {time}</source>
        <translation>相机不提供时间  ·  接收于 {time}</translation>
    </message>
    <message>
        <source>camera time {time}</source>
        <translation>相机时间 {time}</translation>
    </message>
    <message>
        <source>wrong by {seconds} s</source>
        <translation>偏差 {seconds} 秒</translation>
    </message>
    <message>
        <source>Drag a camera here, or type its number</source>
        <translation>将相机拖到此处，或输入其编号</translation>
    </message>
</context>
<context>
    <name>TourDialog</name>
    <message>
        <source>Tour</source>
        <translation>轮巡</translation>
    </message>
    <message>
        <source>New tour</source>
        <translation>新建轮巡</translation>
    </message>
    <message>
        <source>such as “Gates, every hour”</source>
        <translation>例如“各出入口，每小时”</translation>
    </message>
    <message>
        <source>For everybody in the organisation</source>
        <translation>供本单位所有人使用</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 秒</translation>
    </message>
    <message>
        <source>8 to 15 s for active watch, 20 to 30 s for a patrol</source>
        <translation>主动监看 8–15 秒，视频巡查 20–30 秒</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Each step</source>
        <translation>每步停留</translation>
    </message>
    <message>
        <source>Find views and cameras</source>
        <translation>查找视图和相机</translation>
    </message>
    <message>
        <source>Add  ›</source>
        <translation>添加  ›</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Tile</source>
        <translation>窗格</translation>
    </message>
    <message>
        <source>Shown for</source>
        <translation>停留</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>上移</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>下移</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>移出</translation>
    </message>
    <message>
        <source>Drag to put in order. Double-click a number to change it.</source>
        <translation>拖动可排序。双击数字可更改。</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Delete tour</source>
        <translation>删除轮巡</translation>
    </message>
    <message>
        <source>as above</source>
        <translation>同上</translation>
    </message>
    <message>
        <source>(deleted)</source>
        <translation>（已删除）</translation>
    </message>
    <message numerus="yes">
        <source>%n step(s)</source>
        <translation>
            <numerusform>%n 步</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s)</source>
        <translation>
            <numerusform>%n 台相机</numerusform>
        </translation>
    </message>
    <message>
        <source>one round {time}</source>
        <translation>一轮 {time}</translation>
    </message>
</context>
<context>
    <name>TourStrip</name>
    <message>
        <source>&amp;Start or stop tour</source>
        <translation>开始或停止轮巡(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Pause or go on</source>
        <translation>暂停或继续(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Next step</source>
        <translation>下一步(&amp;N)</translation>
    </message>
    <message>
        <source>P&amp;revious step</source>
        <translation>上一步(&amp;R)</translation>
    </message>
    <message>
        <source>step {n} of {all}</source>
        <translation>第 {n} 步，共 {all} 步</translation>
    </message>
    <message numerus="yes">
        <source>%n skipped</source>
        <translation>
            <numerusform>已跳过 %n 项</numerusform>
        </translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>paused by your hand, goes on in {time}</source>
        <translation>因您的操作暂停，{time} 后继续</translation>
    </message>
    <message>
        <source>opening step {n}…</source>
        <translation>正在打开第 {n} 步…</translation>
    </message>
    <message>
        <source>stays: {reason}. Next step changes it all the same.</source>
        <translation>保持不变：{reason}。按“下一步”仍会切换。</translation>
    </message>
    <message>
        <source>stays: no other step has a picture</source>
        <translation>保持不变：其他步骤均无画面</translation>
    </message>
    <message>
        <source>(a view)</source>
        <translation>（视图）</translation>
    </message>
    <message>
        <source>(not known any more)</source>
        <translation>（已不存在）</translation>
    </message>
</context>
<context>
    <name>Tours</name>
    <message>
        <source>no picture in time</source>
        <translation>未及时出图</translation>
    </message>
    <message>
        <source>its tile is in use</source>
        <translation>其窗格正在使用</translation>
    </message>
    <message>
        <source>view was deleted</source>
        <translation>视图已删除</translation>
    </message>
    <message>
        <source>the layout has no such tile</source>
        <translation>布局中没有该窗格</translation>
    </message>
    <message>
        <source>a tile fills the wall</source>
        <translation>有窗格已铺满电视墙</translation>
    </message>
    <message>
        <source>part of an open incident</source>
        <translation>属于未结事件</translation>
    </message>
    <message>
        <source>being steered</source>
        <translation>正在云台控制</translation>
    </message>
    <message>
        <source>replay</source>
        <translation>回放中</translation>
    </message>
    <message>
        <source>zoomed in</source>
        <translation>已放大</translation>
    </message>
    <message>
        <source>selected</source>
        <translation>已选中</translation>
    </message>
    <message>
        <source>{n} s</source>
        <translation>{n} 秒</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} 分</translation>
    </message>
    <message>
        <source>{m} min {s} s</source>
        <translation>{m} 分 {s} 秒</translation>
    </message>
</context>
<context>
    <name>Verify</name>
    <message>
        <source>Complete and unaltered</source>
        <translation>完整且未被更改</translation>
    </message>
    <message>
        <source>This is no evidence package</source>
        <translation>这不是证据包</translation>
    </message>
    <message>
        <source>The signature is wrong</source>
        <translation>签名错误</translation>
    </message>
    <message>
        <source>A file was changed</source>
        <translation>有文件被更改</translation>
    </message>
    <message>
        <source>A file is missing</source>
        <translation>缺少文件</translation>
    </message>
    <message>
        <source>Signed with a key that is not known here</source>
        <translation>签名密钥在此处未知</translation>
    </message>
    <message>
        <source>The chain of custody is broken</source>
        <translation>保管链中断</translation>
    </message>
    <message>
        <source>There is a file that does not belong to it</source>
        <translation>有不属于证据包的文件</translation>
    </message>
    <message>
        <source>signed by {name}, key {key}</source>
        <translation>签名者 {name}，密钥 {key}</translation>
    </message>
    <message>
        <source>and %n more</source>
        <translation>以及另外 %n 项</translation>
    </message>
</context>
<context>
    <name>WallPane</name>
    <message>
        <source>There is no tour yet: menu “Tours”, “New tour”.</source>
        <translation>尚无轮巡：请用菜单“轮巡”中的“新建轮巡”。</translation>
    </message>
</context>
<context>
    <name>WallWidget</name>
    <message>
        <source>empty</source>
        <translation>空</translation>
    </message>
    <message>
        <source>Tile {number}: {name}</source>
        <translation>窗格 {number}：{name}</translation>
    </message>
    <message>
        <source>spot</source>
        <translation>焦点</translation>
    </message>
    <message>
        <source>Follows the selected tile</source>
        <translation>跟随选中的窗格</translation>
    </message>
    <message>
        <source>{factor}×  ·  Esc: cancel</source>
        <translation>{factor}×  ·  Esc 取消</translation>
    </message>
</context>
<context>
    <name>WallWindow</name>
    <message>
        <source>Close this &amp;wall</source>
        <translation>关闭此电视墙(&amp;W)</translation>
    </message>
    <message>
        <source>Wall {number}</source>
        <translation>电视墙 {number}</translation>
    </message>
    <message>
        <source>  (cameras open here)</source>
        <translation>  （相机在此打开）</translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s) have no tile in this layout.</source>
        <translation>
            <numerusform>此布局中有 %n 台相机没有窗格。</numerusform>
        </translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>F11 leaves full screen.</source>
        <translation>按 F11 退出全屏。</translation>
    </message>
    <message>
        <source>&amp;Layout</source>
        <translation>布局(&amp;L)</translation>
    </message>
    <message>
        <source>V&amp;iews</source>
        <translation>视图(&amp;I)</translation>
    </message>
    <message>
        <source>T&amp;ours</source>
        <translation>轮巡(&amp;O)</translation>
    </message>
    <message>
        <source>Move to &amp;screen</source>
        <translation>移到屏幕(&amp;S)</translation>
    </message>
</context>
<context>
    <name>Walls</name>
    <message>
        <source>Everybody&apos;s</source>
        <translation>公共</translation>
    </message>
    <message>
        <source>No saved views yet</source>
        <translation>尚无保存的视图</translation>
    </message>
</context>
</TS>
