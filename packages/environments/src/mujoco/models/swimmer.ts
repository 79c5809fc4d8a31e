/** MJCF of Swimmer-v5 without its looks; angles in radians, lengths in metres. */
export const swimmerModel = `<mujoco model="swimmer">
  <compiler angle="radian" inertiafromgeom="true"/>
  <option timestep="0.01" integrator="RK4" density="4000" viscosity="0.1"/>
  <size memory="1M"/>
  <default>
    <joint armature="0.1"/>
    <geom type="capsule" contype="0" condim="1" conaffinity="0"/>
    <motor gear="150" ctrlrange="-1 1"/>
  </default>
  <worldbody>
    <geom name="floor" type="plane" pos="0 0 -0.1" size="40 40 0.1" condim="3"/>
    <body name="torso">
      <joint name="slider1" type="slide" axis="1 0 0"/>
      <joint name="slider2" type="slide" axis="0 1 0"/>
      <joint name="free_body_rot" axis="0 0 1"/>
      <geom fromto="1.5 0 0 0.5 0 0" size="0.1"/>
      <body name="mid" pos="0.5 0 0">
        <joint name="motor1_rot" axis="0 0 1" range="-1.7453292519943295 1.7453292519943295"/>
        <geom fromto="0 0 0 -1 0 0" size="0.1"/>
        <body name="back" pos="-1 0 0">
          <joint name="motor2_rot" axis="0 0 1" range="-1.7453292519943295 1.7453292519943295"/>
          <geom fromto="0 0 0 -1 0 0" size="0.1"/>
        </body>
      </body>
    </body>
  </worldbody>
  <actuator>
    <motor joint="motor1_rot"/>
    <motor joint="motor2_rot"/>
  </actuator>
</mujoco>
`;
